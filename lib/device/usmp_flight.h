// What a device has on its way over datagrams: the frames of one message, or one other frame, each
// sent until its acknowledgement comes, the next one only then (docs/protocols/usmp.md,
// "Acknowledgements").
#pragma once

#include "base/block_pool.h"
#include "base/time.h"
#include "protocol/output.h"
#include "protocol/usmp/round_trip.h"
#include "protocol/usmp/transport_ack.h"

#include <cstdint>

namespace gatehouse::device {

// How long a device waits for an acknowledgement: always 500 ms (releases up to 1.1, and ESP32 in
// all), or as long as the round trips suggest, doubled each time (1.2 elsewhere).
enum class usmp_pace : std::uint8_t { fixed, measured };

class usmp_flight {
public:
    explicit usmp_flight(usmp_pace pace) noexcept : pace_{pace} {}

    bool busy() const noexcept { return static_cast<bool>(frames_); }

    // Sends the first of `frames`, which fit into a block, and keeps them all. Not while busy.
    void begin(block_pool& blocks, time_point now, wire_buffer const& frames, wire_buffer& out);

    // The frame that is out. Only while busy.
    usmp::acked_frame current() const noexcept;

    // It has arrived: sends the next one, if there is one.
    void acknowledged(time_point now, wire_buffer& out);

    // When the frame that is out is due again; `never` when none is.
    time_point deadline() const noexcept { return due_; }

    // Sends it again if it is due. False when it was sent as often as it may be: everything is
    // dropped.
    bool on_deadline(time_point now, wire_buffer& out);

    void drop() noexcept;

    std::uint32_t retransmissions() const noexcept { return retransmissions_; }

private:
    bytes frame() const noexcept;
    void transmit(time_point now, wire_buffer& out);

    block frames_;
    time_point due_ = never;
    time_point sent_{};
    usmp::round_trip measured_;
    std::uint32_t retransmissions_ = 0;
    std::uint16_t at_ = 0;  // of the frame that is out, in `frames_`
    std::uint8_t count_ = 0;
    usmp_pace pace_;
};

}  // namespace gatehouse::device
