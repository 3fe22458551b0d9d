#include "device/usmp_flight.h"

#include "base/assert.h"
#include "protocol/usmp/frame.h"

#include <algorithm>

namespace gatehouse::device {

namespace {

usmp::frame_header header_of(bytes frame) noexcept
{
    auto const header = usmp::parse_header(frame);
    GATEHOUSE_ASSERT(header);
    return *header;
}

}  // namespace

void usmp_flight::begin(
    block_pool& blocks, time_point now, wire_buffer const& frames, wire_buffer& out
)
{
    GATEHOUSE_ASSERT(!busy() && !frames.empty());
    frames_ = blocks.take();
    bool const kept = frames_.append(frames.all());
    GATEHOUSE_ASSERT(kept);
    at_ = 0;
    count_ = 0;
    transmit(now, out);
}

bytes usmp_flight::frame() const noexcept
{
    auto const rest = frames_.contents().subspan(at_);
    return rest.first(header_of(rest).frame_size());
}

usmp::acked_frame usmp_flight::current() const noexcept
{
    auto const header = header_of(frame());
    return {header.type, header.sequence};
}

void usmp_flight::transmit(time_point now, wire_buffer& out)
{
    auto const again = frame();
    std::copy(again.begin(), again.end(), out.frame(again.size()).begin());
    ++count_;
    sent_ = now;
    due_ = now + (pace_ == usmp_pace::fixed ? usmp::round_trip::initial_timeout
                                            : measured_.timeout(count_));
}

void usmp_flight::acknowledged(time_point now, wire_buffer& out)
{
    // Karn: nobody knows which transmission a repeated frame's acknowledgement is for.
    if (count_ == 1)
        measured_.sample(now - sent_);
    at_ = static_cast<std::uint16_t>(at_ + frame().size());
    count_ = 0;
    if (at_ < frames_.size())
        transmit(now, out);
    else
        drop();
}

bool usmp_flight::on_deadline(time_point now, wire_buffer& out)
{
    if (now < due_)
        return true;
    if (count_ == usmp::round_trip::transmissions) {
        drop();
        return false;
    }
    ++retransmissions_;
    transmit(now, out);
    return true;
}

void usmp_flight::drop() noexcept
{
    frames_.release();
    due_ = never;
}

}  // namespace gatehouse::device
