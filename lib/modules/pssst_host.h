// PSSST for a listener on one worker: over UDP only.
#pragma once

#include "modules/pssst_replay_filters.h"
#include "net/protocol_host.h"
#include "protocol/pssst/datagram_door.h"
#include "protocol/pssst/environment.h"
#include "protocol/pssst/request_memory.h"

#include <cstddef>
#include <memory>
#include <string>

namespace gatehouse {

class pssst_host final : public protocol_host {
public:
    // What is remembered of requests on one worker, for all of its listeners.
    struct memory final : worker_state {
        explicit memory(worker_tools tools) : requests{tools.crypto.sha256, tools.random} {}
        pssst::request_memory requests;
    };

    // `tools.shared` is such a memory.
    pssst_host(
        config::listener const& listener,
        credential_slot const& keys,
        protocol_tools tools,
        std::size_t workers
    );

    datagram_door& datagrams() noexcept override { return door_; }
    void configure(config::listener const& listener, credential_slot const& keys) override;
    void set_allowance(device_allowance const& all) noexcept override
    {
        environment_.allowance = &all;
    }
    void set_wall_time(wall_time now) noexcept override { environment_.wall_now = now; }
    duration reply_timeout() const noexcept override { return reply_timeout_; }
    std::string advice(error why, bytes first) const override;
    std::string advice(error why, session_facts const& facts) const override;

private:
    void use(credential_slot const& keys);

    std::size_t workers_;
    duration reply_timeout_;
    pssst::request_memory::seat memory_;
    std::shared_ptr<pssst_key_filters const> filters_;
    pssst::environment environment_;
    pssst::datagram_door door_;
};

}  // namespace gatehouse
