// What the SPP sessions of one worker and listener share. Owned by the worker; outlives its
// sessions.
#pragma once

#include "base/time.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "crypto/x25519_key_pool.h"
#include "identity/keyring.h"
#include "protocol/session_id_issuer.h"
#include "protocol/spp/limits.h"
#include "protocol/spp/options.h"
#include "protocol/spp/source_hints.h"
#include "protocol/spp/trial_budget.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gatehouse::spp {

// The part of a listener's settings that sessions look at.
struct settings : options {
    std::uint32_t record_budget = limits::records;  // of one direction
    duration idle_timeout{};
    duration max_session_age{};
};

struct environment {
    settings config;
    identity::keyring const* keyring = nullptr;
    crypto::workbench& crypto;
    crypto::random_source& random;
    crypto::x25519_key_pool& ephemeral_keys;
    session_id_issuer& ids;
    source_hints& hints;
    trial_budget& trials;
    std::vector<std::uint32_t> candidates{};  // of one hello; memory that is used again
    std::vector<identity::public_key> seen{};
    std::size_t first_stranger = 0;  // where the trials of one hello begin
    wall_time wall_now{};  // kept current by the owner while a session is not authenticated yet
};

}  // namespace gatehouse::spp
