// What the operator learns of a connection's turns: log lines and counters in one place.
#pragma once

#include "base/address.h"
#include "base/end_reason.h"
#include "base/error.h"
#include "identity/device_id.h"
#include "net/listener_runtime.h"
#include "net/log.h"
#include "net/log_sampler.h"
#include "net/session_lines.h"
#include "protocol/session.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse {

class session_report {
public:
    // All on one worker's thread, which owns the arguments.
    session_report(listener_runtime& listener, peer_address const& peer)
        : listener_{listener}
        , peer_{peer}
    {
    }

    // A connection that did not become a session. `device` is whom it claimed to be, if it did.
    struct refusal {
        error why{};
        identity::device_id device;
    };
    void refused(log_sampler& sampler, time_point now, refusal const& what) const;

    // `advise()` says what would admit it; asked only when the line is written.
    template <class Advise>
    void refused(log_sampler& sampler, time_point now, refusal const& what, Advise const& advise)
        const
    {
        if (auto const left_out = count_refusal(sampler, now, what))
            write_refusal(what, *left_out, advise());
    }

    // The gateway closed the connection before the device proved itself.
    void aborted() const;

    // A request has no handshake, and there are many: their lines are for debugging.
    void opened(
        session_lines& lines,
        time_point now,
        session_facts const& facts,
        std::optional<duration> handshake
    ) const;

    // A packet that is not answered; `device` is whose key it proved, if it did.
    template <class Advise>
    void request_refused(
        log_sampler& sampler, time_point now, refusal const& what, Advise const& advise
    ) const
    {
        if (auto const left_out = count_request(sampler, now, what.why))
            write_request(what, *left_out, advise());
    }

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
    void closed(session_lines& lines, time_point now, session_facts const& facts, ending const& how)
        const;

private:
    void count_limit(error why) const;
    // How many lines like this were left out, if this one may be written.
    std::optional<std::uint64_t> count_refusal(
        log_sampler& sampler, time_point now, refusal const& what
    ) const;
    std::optional<std::uint64_t> count_request(log_sampler& sampler, time_point now, error why)
        const;
    void write_request(refusal const& what, std::uint64_t left_out, std::string_view advice) const;
    void write_refusal(refusal const& what, std::uint64_t left_out, std::string_view advice) const;

    log::level level_of_lives() const;
    std::optional<std::uint64_t> count_life(
        session_lines& lines,
        time_point now,
        session_lines::about what,
        identity::device_id const& device
    ) const;

    listener_runtime& listener_;
    peer_address const& peer_;
};

}  // namespace gatehouse
