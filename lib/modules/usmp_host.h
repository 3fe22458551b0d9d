// USMP for a listener on one worker: over TCP and over UDP.
#pragma once

#include "net/protocol_host.h"
#include "protocol/usmp/datagram_door.h"
#include "protocol/usmp/environment.h"
#include "protocol/usmp/stream_door.h"

#include <cstddef>
#include <optional>
#include <string>

namespace gatehouse {

class usmp_host final : public protocol_host {
public:
    // What all of its listeners are worked with.
    struct environment {
        usmp::legacy_hints& hints;
        protocol_tools tools;
        std::size_t workers = 1;
    };

    usmp_host(
        config::listener const& listener,
        identity::keyring const& keyring,
        environment const& around
    );

    gatehouse::stream_door& streams() noexcept override { return streams_; }
    gatehouse::datagram_door& datagrams() noexcept override { return *datagrams_; }
    void configure(config::listener const& listener, credential_slot const& keys) override;
    void set_wall_time(wall_time now) noexcept override { environment_.wall_now = now; }
    std::string advice(error why, bytes first) const override;
    std::string advice(error why, session_facts const& facts) const override;

private:
    usmp::environment environment_;
    usmp::stream_door streams_;
    std::optional<usmp::datagram_door> datagrams_;
};

}  // namespace gatehouse
