// What the USMP sessions of one worker and listener share. Owned by the worker; outlives its
// sessions.
#pragma once

#include "base/block_pool.h"
#include "base/time.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "crypto/x25519_key_pool.h"
#include "identity/keyring.h"
#include "protocol/session_id_issuer.h"
#include "protocol/usmp/legacy_hints.h"
#include "protocol/usmp/options.h"

#include <cstddef>

namespace gatehouse::usmp {

// The part of a listener's settings that sessions look at.
struct settings : options {
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
    legacy_hints& hints;
    std::size_t credentials = 0;  // the slot of the listener's set, for the hints
    block_pool& blocks;
    wall_time wall_now{};  // kept current by the owner while a session is not authenticated yet
};

}  // namespace gatehouse::usmp
