// The closed sets of label values, and which error counts under which.
#pragma once

#include "base/error.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse::metrics {

// `aborted` is a device that closed the connection after its hello, before it proved itself.
enum class handshake_result : std::uint8_t {
    ok,
    auth_failed,
    unknown_device,
    malformed,
    timeout,
    limited,
    unsupported,
    aborted,
};
inline constexpr std::array<std::string_view, 8> handshake_result_names{
    "ok",
    "auth_failed",
    "unknown_device",
    "malformed",
    "timeout",
    "limited",
    "unsupported",
    "aborted",
};

enum class rejection : std::uint8_t { replay, decrypt, malformed, sequence, oversize, flood };
inline constexpr std::array<std::string_view, 6> rejection_names{
    "replay",
    "decrypt",
    "malformed",
    "sequence",
    "oversize",
    "flood",
};

// Datagrams that were for nobody, or could not be taken or sent.
enum class datagram_drop : std::uint8_t {
    unknown_session,  // names a session that is not here
    stray,            // nothing at its address waits for it
    overflow,         // the kernel had no room for it
    handover,         // too many on their way to another worker
    unsent,           // the kernel did not take it
    backend,          // a message that the backend has no room for
    draining,         // a hello while the listener takes no more sessions
    rate,             // a message of a device that says more than it may
};
inline constexpr std::array<std::string_view, 8> datagram_drop_names{
    "unknown_session",
    "stray",
    "overflow",
    "handover",
    "unsent",
    "backend",
    "draining",
    "rate",
};

// What became of a datagram of a protocol of single requests.
enum class request_result : std::uint8_t {
    accepted,             // the backend gets it
    repeated,             // answered before: the same reply went out again
    repeated_unanswered,  // accepted before, and there is no reply, or it is not kept any more
    oversize,             // and from here on: dropped without a word
    truncated,
    unsupported_cipher,
    not_request,
    invalid_point,
    decrypt_failed,
    client_auth_failed,
    unknown_device,
    key_not_accepted,
    anonymous,
    reused_dh,
    limited,
    backend,
};
inline constexpr std::array<std::string_view, 16> request_result_names{
    "accepted",
    "repeated",
    "repeated_unanswered",
    "oversize",
    "truncated",
    "unsupported_cipher",
    "not_request",
    "invalid_point",
    "decrypt_failed",
    "client_auth_failed",
    "unknown_device",
    "key_not_accepted",
    "anonymous",
    "reused_dh",
    "limited",
    "backend",
};

// Where operators and probes connect.
enum class endpoint : std::uint8_t { metrics, admin, admin_read_only };
inline constexpr std::array<std::string_view, 3> endpoint_names{
    "metrics",
    "admin",
    "admin_read_only",
};

// Why a connection there was refused, or ended before its time.
enum class endpoint_refusal : std::uint8_t {
    forbidden,  // the kernel says who it is, and they may not
    full,       // nobody could make way for it
    evicted,    // it made way for another
    timeout,    // its request did not come, or its answer was not taken
};
inline constexpr std::array<std::string_view, 4> endpoint_refusal_names{
    "forbidden",
    "full",
    "evicted",
    "timeout",
};

// Which limit a connection, handshake or request was refused for, or had to make way.
enum class limit : std::uint8_t {
    half_open,
    handshakes,
    handshakes_per_address,
    handshakes_per_second,
    hello_trials,
    sessions,
    sessions_per_address,
    requests,
    agreements,
    gateway_key,
    device_rate,
    half_records,
    backend,
    descriptors,
};
inline constexpr std::array<std::string_view, 14> limit_names{
    "half_open",
    "handshakes",
    "handshakes_per_address",
    "handshakes_per_second",
    "hello_trials",
    "sessions",
    "sessions_per_address",
    "requests",
    "agreements",
    "gateway_key",
    "device_rate",
    "half_records",
    "backend",
    "descriptors",
};

enum class direction : std::uint8_t { up, down };
inline constexpr std::array<std::string_view, 2> direction_names{"up", "down"};

enum class key_state : std::uint8_t { active, expiring, expired, revoked, pending };
inline constexpr std::array<std::string_view, 5> key_state_names{
    "active",
    "expiring",
    "expired",
    "revoked",
    "pending",
};

constexpr std::string_view name_of(handshake_result value) noexcept
{
    return handshake_result_names.at(static_cast<std::size_t>(value));
}
constexpr std::string_view name_of(rejection value) noexcept
{
    return rejection_names.at(static_cast<std::size_t>(value));
}

constexpr std::string_view name_of(endpoint value) noexcept
{
    return endpoint_names.at(static_cast<std::size_t>(value));
}

constexpr std::string_view name_of(endpoint_refusal value) noexcept
{
    return endpoint_refusal_names.at(static_cast<std::size_t>(value));
}

constexpr std::string_view name_of(request_result value) noexcept
{
    return request_result_names.at(static_cast<std::size_t>(value));
}

// The result under which a request counts that was dropped.
request_result request_result_of(error e) noexcept;

// The result under which a refused handshake counts.
handshake_result result_of(error e) noexcept;

// The limit that somebody was refused for; nothing when it was none.
std::optional<limit> limit_of(error e) noexcept;

// The reason under which a frame in a session counts as rejected; nothing when no frame was at
// fault.
std::optional<rejection> rejection_of(error e) noexcept;

}  // namespace gatehouse::metrics
