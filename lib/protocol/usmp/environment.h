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
#include "protocol/usmp/profile.h"

#include <cstddef>
#include <cstdint>

namespace gatehouse::usmp {

// The part of a listener's settings that sessions look at.
struct settings {
    bool admit_v2 = true;
    bool admit_v1_bound = false;
    bool admit_v1 = false;
    crypto::aead_algorithm cipher = crypto::aead_algorithm::aes_256_gcm;
    std::uint64_t frame_budget = std::uint64_t{1} << 29;  // frames a direction and key
    duration idle_timeout = std::chrono::seconds{60};
    duration max_session_age = std::chrono::hours{24};

    bool admits(generation_setting generation) const noexcept
    {
        switch (generation) {
        case generation_setting::v1:
            return admit_v1;
        case generation_setting::v1_bound:
            return admit_v1_bound;
        case generation_setting::v2:
            return admit_v2;
        }
        return false;
    }

    // Is any generation admitted whose frames carry this version byte?
    bool admits_version(std::uint8_t version) const noexcept
    {
        return (version == 1 && (admit_v1 || admit_v1_bound)) || (version == 2 && admit_v2);
    }
};

struct environment {
    settings config;
    identity::keyring const* keyring = nullptr;
    crypto::workbench& crypto;
    crypto::random_source& random;
    crypto::x25519_key_pool& ephemeral_keys;
    session_id_issuer& ids;
    legacy_hints& hints;
    std::size_t credentials = 0;  // the place of the listener's set, for the hints
    block_pool& blocks;
    wall_time wall_now{};  // kept current by the owner while a session is not authenticated yet
};

}  // namespace gatehouse::usmp
