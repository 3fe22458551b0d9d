// Why an authenticated session ended: the words of the close record and of the metric label.
#pragma once

#include "base/error.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace gatehouse {

enum class end_reason : std::uint8_t {
    bye,       // the device said goodbye
    eof,       // the device's connection ended without a word
    idle,      // no authenticated frame for the idle timeout
    age,       // the session reached its age or frame limit
    revoked,   // its key is no longer valid
    replaced,  // the device has a newer session in its place
    protocol,  // the device broke the protocol
    backend,   // the backend asked for it
    shutdown,  // the gateway stops
    admin,     // the operator asked for it
    done,      // a request has its reply
    timeout,   // a request had no reply in time
};

inline constexpr std::array<std::string_view, 12> end_reason_names{
    "bye",
    "eof",
    "idle",
    "age",
    "revoked",
    "replaced",
    "protocol",
    "backend",
    "shutdown",
    "admin",
    "done",
    "timeout",
};

constexpr std::string_view name_of(end_reason reason) noexcept
{
    return end_reason_names.at(static_cast<std::size_t>(reason));
}

// The reason that an error in an authenticated session amounts to.
constexpr end_reason reason_of(error e) noexcept
{
    switch (e) {
    case error::limit_idle_time:
        return end_reason::idle;
    case error::limit_session_age:
    case error::limit_frame_budget:
        return end_reason::age;
    case error::unproven_expired_key:
        return end_reason::revoked;
    case error::limit_reply_time:
        return end_reason::timeout;
    default:
        return end_reason::protocol;
    }
}

}  // namespace gatehouse
