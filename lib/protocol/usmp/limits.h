// Bounds of this implementation (not of the protocol, whose constants stand in frame.h).
#pragma once

#include "base/time.h"

#include <array>
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
// session-id length, whatever it was told before.
inline constexpr duration legacy_hint_window = std::chrono::milliseconds{1500};

// A 0.2/0.3 device that has not sent a frame yet is taken to have its session when it has stayed
// for this long, or for half of a shorter idle timeout.
inline constexpr duration legacy_stay = std::chrono::seconds{5};

// Devices whose session-id length is remembered, a worker.
inline constexpr std::size_t legacy_hints = std::size_t{1} << 16;

// Over datagrams only, from here on.

// A message for a device is given up after round_trip::transmissions, but not before this: devices
// acknowledge only while their application listens.
inline constexpr duration delivery_patience = std::chrono::seconds{12};

// How long a new session remembers its handshake, to acknowledge repeated frames of it. Longer than
// any device repeats one.
inline constexpr duration handshake_memory = std::chrono::seconds{15};

// How long a device waits for the acknowledgement of a frame of its own: longer than any repeats
// it.
inline constexpr duration device_patience = std::chrono::seconds{15};

// A device that takes frames in order only, and has just sent one, is not sent the same frame again
// before it has had the time to repeat its own: it does not look at what comes while it waits.
inline constexpr duration device_sends = std::chrono::milliseconds{600};

// When such a device is sent the acknowledgement of its latest frame again, from the one before on,
// unless its next frame shows that it arrived. Once more would gain little: what keeps it from
// losing its session to a lossy path are then its own five transmissions.
inline constexpr std::array<duration, 2> ack_again{
    std::chrono::milliseconds{100}, std::chrono::milliseconds{150}};

// How long frames under the keys before a REKEY are taken, from the first frame under the new ones.
inline constexpr duration rekey_grace = std::chrono::seconds{15};

// The gateway changes keys when the device has been silent for this: nothing of it is on its way.
inline constexpr duration rekey_silence = std::chrono::milliseconds{50};

// Proofs that are judged in one handshake: somebody else may have sent the wrong ones.
inline constexpr unsigned proofs_judged = 4;

// Messages for one device that wait behind the one that is on its way.
inline constexpr std::size_t waiting_messages = 128;

// Messages of one session that wait for the backend to take them over. Devices wait for one.
inline constexpr std::size_t awaiting_backend = 4;

// Outboxes kept for the next message, a worker and listener.
inline constexpr std::size_t spare_outboxes = 256;

}  // namespace gatehouse::usmp::limits
