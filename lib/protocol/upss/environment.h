// What the UPSS sessions of one worker and listener share. Owned by the worker; outlives its
// sessions.
#pragma once

#include "base/secret.h"
#include "base/time.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "protocol/session_id_issuer.h"
#include "protocol/upss/key_opener.h"
#include "protocol/upss/options.h"
#include "protocol/upss/package_reader.h"

#include <chrono>

namespace gatehouse::upss {

// The part of a listener's settings that sessions look at.
struct settings : options {
    duration idle_timeout = std::chrono::minutes{1};
    duration max_session_age = std::chrono::hours{24};
};

struct environment {
    settings config;
    crypto::workbench& crypto;
    package_reader& packages;
    crypto::random_source& random;
    session_id_issuer& ids;
    key_opener& keys;
    // With which the gateway knows fields again that it made itself: one for all workers.
    secret<32> const& own_mark;
    wall_time wall_now{};  // kept current by the owner
};

}  // namespace gatehouse::upss
