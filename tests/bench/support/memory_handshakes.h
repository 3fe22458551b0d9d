// Handshakes of the gateway's own state machine in memory, without sockets or event loop.
#pragma once

#include "crypto/random.h"
#include "crypto/workbench.h"
#include "crypto/x25519_key_pool.h"
#include "device/usmp_device.h"
#include "gateway/session_table.h"
#include "protocol/usmp/environment.h"
#include "protocol/usmp/stream_door.h"

#include <chrono>
#include <memory>

namespace gatehouse::bench {

class memory_handshakes {
public:
    memory_handshakes();

    // Runs one handshake and adds what the gateway's half of it cost, its ephemeral key included.
    void run(std::chrono::nanoseconds& spent);

private:
    crypto::system_random random_;
    crypto::workbench crypto_;
    crypto::workbench device_crypto_;
    crypto::x25519_key_pool keys_{random_, 1};
    session_table ids_{0, 0, random_};
    usmp::legacy_hints hints_{16};
    block_pool blocks_{4};
    std::shared_ptr<identity::keyring const> keyring_;
    usmp::environment env_;
    usmp::stream_door door_;
    device::usmp_environment device_env_{device_crypto_, random_, blocks_};
};

}  // namespace gatehouse::bench
