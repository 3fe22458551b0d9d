// Bounds of this implementation (not of the protocol, whose constants stand in frame.h).
#pragma once

#include "base/time.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gatehouse::usmp::limits {

// PING, PONG and REKEY frames that a device may send within one `control_window`.
// The reference server closes at more than 8 in a second, so no working device exceeds it.
inline constexpr std::uint32_t control_frames = 8;
inline constexpr duration control_window = std::chrono::seconds{1};

// How long a device may take to complete a frame that it has begun.
inline constexpr duration frame_time = std::chrono::seconds{10};

// A session ends before a sequence number comes near 2^32 - 1, whatever the frame budget; the
// distance leaves room for one whole message and a BYE.
inline constexpr std::uint32_t last_sequence = 0xfffffff0;

// A 0.2/0.3 device that leaves this soon after SESSION_OK, without one frame, was told the wrong
// session-id length.
inline constexpr duration legacy_hint_window = std::chrono::milliseconds{1500};

// Devices whose session-id length is remembered, a worker.
inline constexpr std::size_t legacy_hints = 4096;

}  // namespace gatehouse::usmp::limits
