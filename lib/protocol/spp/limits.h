// Bounds of this implementation (not of the protocol, whose constants stand in hello.h and
// record.h).
#pragma once

#include "base/time.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gatehouse::spp::limits {

// Records of one direction, after which the session ends. Devices draw their 96-bit nonces at
// random: after this many the chance that two were equal is below 2^-40.
inline constexpr std::uint32_t records = std::uint32_t{1} << 28;

// How long a device may take to complete a record that it has begun.
inline constexpr duration record_time = std::chrono::seconds{30};

// What is remembered of where devices were last seen, by the process: sources in sets of
// `hints_a_set`. A source that has more devices than that is remembered in part.
inline constexpr std::size_t hint_sets = 4096;
inline constexpr std::size_t hints_a_set = 8;

// Signatures of hellos that are verified a second, a worker and listener, beside those of devices
// that were seen at the hello's address before: about a fifth of a core.
inline constexpr double trials_a_second = 2000;

}  // namespace gatehouse::spp::limits
