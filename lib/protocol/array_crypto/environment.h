// What the Array-Crypto sessions of one worker and listener share. Owned by the worker; outlives
// its sessions.
#pragma once

#include "base/time.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "protocol/array_crypto/device_list.h"
#include "protocol/array_crypto/options.h"
#include "protocol/array_crypto/pair_table.h"
#include "protocol/array_crypto/v2_message.h"
#include "protocol/session_id_issuer.h"

#include <chrono>

namespace gatehouse::array_crypto {

// The part of a listener's settings that sessions look at.
struct settings : options {
    duration idle_timeout = std::chrono::minutes{1};
    duration max_session_age = std::chrono::hours{24};
};

struct environment {
    settings config;
    device_list const* devices = nullptr;
    crypto::workbench& crypto;
    v2::tools& messages;
    crypto::random_source& random;
    session_id_issuer& ids;
    pair_table& pairs;
    wall_time wall_now{};  // kept current by the owner
};

}  // namespace gatehouse::array_crypto
