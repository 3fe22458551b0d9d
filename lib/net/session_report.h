// What the operator learns of a connection's turns: log lines and counters in one place.
#pragma once

#include "base/address.h"
#include "base/end_reason.h"
#include "base/error.h"
#include "identity/device_id.h"
#include "net/listener_runtime.h"
#include "net/log_sampler.h"
#include "protocol/session.h"

#include <cstdint>
#include <optional>
#include <string>

namespace gatehouse {

class session_report {
public:
    // All on one worker's thread, which owns the arguments.
    session_report(listener_runtime& listener, peer_address const& peer)
        : listener_{listener}
        , peer_{peer}
    {
    }

    // A connection that did not become a session. `device` is whom it claimed to be, if it did;
    // `advice` says what would admit it.
    struct refusal {
        error why{};
        identity::device_id device;
        std::string advice;
    };
    void refused(log_sampler& sampler, time_point now, refusal const& what) const;

    // The device closed the connection before it proved itself.
    void aborted() const;

    void opened(session_facts const& facts, duration handshake) const;

    // The device of a live session has a new address; the report's is the old one.
    void moved(
        log_sampler& sampler, time_point now, session_facts const& facts, peer_address const& to
    ) const;

    // A frame of a live session was at fault, if `why` says so. Repetition is no event on a path
    // that repeats: over datagrams it is only counted.
    void rejected(log_sampler& sampler, time_point now, session_facts const& facts, error why)
        const;

    struct ending {
        end_reason reason{};
        std::optional<error> why;
        std::uint64_t messages = 0;
    };
    void closed(session_facts const& facts, ending const& how) const;

private:
    listener_runtime& listener_;
    peer_address const& peer_;
};

}  // namespace gatehouse
