// What the PSSST requests of one worker and listener share. Owned by the worker; outlives them.
#pragma once

#include "base/time.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "identity/keyring.h"
#include "protocol/pssst/duplicate_cache.h"
#include "protocol/session_id_issuer.h"

#include <cstddef>

namespace gatehouse::pssst {

// The part of a listener's settings that requests look at.
struct settings {
    std::size_t max_reply = 1232;  // bytes of the packet
};

struct environment {
    settings config;
    identity::keyring const* keyring = nullptr;
    crypto::workbench& crypto;
    crypto::random_source& random;
    session_id_issuer& ids;
    duplicate_cache& known;  // by whichever listener of the worker: one key may serve several
    wall_time wall_now{};    // kept current by the owner while requests are opened
};

}  // namespace gatehouse::pssst
