// Bounds of this implementation, not of the protocol.
#pragma once

#include "base/time.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gatehouse::array_crypto::limits {

// A request's header; stock clients send less than 300 bytes.
inline constexpr std::size_t header_size = std::size_t{8} << 10;
inline constexpr std::size_t header_fields = 64;

// Requests that arrive at once; stock clients wait for each answer.
inline constexpr std::size_t pipelined_requests = 16;

// The body of a handshake.
inline constexpr std::size_t handshake_body = 1024;

// How long a device may take to complete a request that it has begun.
inline constexpr duration request_time = std::chrono::seconds{30};

// After an answer behind which the connection ends: for the client to read it and hang up.
inline constexpr duration last_answer_time = std::chrono::seconds{5};

// v2: how long after it was last told a pair opens messages, and how many do so of one device.
inline constexpr duration pair_window = std::chrono::seconds{10};
inline constexpr std::size_t pairs_a_device = 8;
// A pair that nobody used is replaced at this age.
inline constexpr duration pair_age = std::chrono::seconds{5};
// How long a reply's pair waits to be fetched.
inline constexpr duration reply_hold = std::chrono::seconds{10};

// v1: by how much a message's own time may differ from the gateway's; stock clients refuse
// snapshots that differ more.
inline constexpr std::chrono::seconds drift{60};

// Messages that were accepted, remembered for as long as they would be accepted again.
inline constexpr std::size_t salts_a_device = 1024;

}  // namespace gatehouse::array_crypto::limits
