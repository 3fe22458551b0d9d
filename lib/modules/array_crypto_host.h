// Array-Crypto for a listener on one worker.
#pragma once

#include "net/protocol_host.h"
#include "protocol/array_crypto/environment.h"
#include "protocol/array_crypto/stream_door.h"

namespace gatehouse {

class array_crypto_host final : public protocol_host {
public:
    // What messages on one worker are worked with.
    struct memory final : worker_state {
        array_crypto::v2::tools messages;
    };

    // `pairs` are those of the process; `tools.shared` is a `memory`.
    array_crypto_host(
        config::listener const& listener,
        identity::keyring const& keyring,
        protocol_tools tools,
        array_crypto::pair_table& pairs
    );

    gatehouse::stream_door& streams() noexcept override { return streams_; }
    void configure(config::listener const& listener, credential_slot const& keys) override;
    void set_wall_time(wall_time now) noexcept override { environment_.wall_now = now; }
    std::string advice(error why, bytes first) const override;
    std::string advice(error why, session_facts const& facts) const override;

private:
    array_crypto::environment environment_;
    array_crypto::stream_door streams_;
};

}  // namespace gatehouse
