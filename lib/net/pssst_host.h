// PSSST for a listener on one worker: over UDP only.
#pragma once

#include "net/protocol_host.h"
#include "net/replay_filters.h"
#include "net/request_memory.h"
#include "protocol/pssst/datagram_door.h"
#include "protocol/pssst/environment.h"

namespace gatehouse {

class pssst_host final : public protocol_host {
public:
    static constexpr std::string_view name = "pssst";
    static byte_rule steering() noexcept;

    pssst_host(
        config::listener const& listener,
        credential_place const& keys,
        protocol_tools tools,
        std::size_t workers
    );

    stream_door& streams() noexcept override;
    datagram_door& datagrams() noexcept override { return door_; }
    std::string_view protocol() const noexcept override { return name; }
    void configure(config::listener const& listener, credential_place const& keys) override;
    void set_allowance(device_allowance const& all) noexcept override
    {
        environment_.allowance = &all;
    }
    void set_wall_time(wall_time now) noexcept override { environment_.wall_now = now; }
    duration reply_timeout() const noexcept override { return reply_timeout_; }
    std::string advice(error why, bytes first) const override;
    std::string advice(error why, session_facts const& facts) const override;

private:
    void use(credential_place const& keys);

    std::size_t workers_;
    duration reply_timeout_;
    request_memory::seat memory_;
    key_filters filters_;
    pssst::environment environment_;
    pssst::datagram_door door_;
};

}  // namespace gatehouse
