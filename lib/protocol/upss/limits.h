// Bounds of this implementation, not of the protocol.
#pragma once

#include "base/time.h"

#include <chrono>
#include <cstddef>

namespace gatehouse::upss::limits {

// A package of the handshake; the reference takes 1024 bytes.
inline constexpr std::size_t handshake_package = 4096;

// An application's package: its sealed text fits a record of the backend (64 KiB). No setting goes
// beyond it; the reference takes 1 MiB.
inline constexpr std::size_t largest_body = std::size_t{112} << 10;

// Objects and arrays in one another.
inline constexpr std::size_t nesting = 16;

// A route, in bytes of UTF-8. Package 2 has to fit 1024 bytes with it, where a character may cost
// six.
inline constexpr std::size_t route_size = 240;

// Packages of the application in one session.
inline constexpr std::size_t turns = 4096;

// Sealed fields of a session that are known again, where repeating one is refused.
inline constexpr std::size_t remembered_fields = 256;

// After the last package: for the device to read it and hang up.
inline constexpr duration last_package_time = std::chrono::seconds{1};

}  // namespace gatehouse::upss::limits
