// When to send one frame again, and when to give it up (docs/protocols/usmp.md,
// "Acknowledgements").
#pragma once

#include "base/time.h"
#include "protocol/usmp/round_trip.h"

#include <algorithm>
#include <cstdint>

namespace gatehouse::usmp {

class retransmission {
public:
    enum class verdict : std::uint8_t { wait, repeat, give_up };

    // The frame goes out for the first time. It is given up after round_trip::transmissions and
    // `patience`, whichever is later; a device that must not be hurried is sent it all the time.
    void begin(time_point now, round_trip const& measured, duration patience) noexcept
    {
        sent_ = now;
        patience_ends_ = now + patience;
        count_ = 1;
        due_ = now + measured.timeout(count_);
    }

    // What is to be done now. After `repeat` the frame must be sent again.
    verdict judge(time_point now, round_trip const& measured) noexcept
    {
        if (now < due_)
            return verdict::wait;
        bool const goes_on = !measured.hurries() && now < patience_ends_;
        if (count_ < round_trip::transmissions || goes_on) {
            ++count_;
            sent_ = now;
            due_ = now + measured.timeout(count_);
            return verdict::repeat;
        }
        due_ = std::max(due_, patience_ends_);
        return now < due_ ? verdict::wait : verdict::give_up;
    }

    // The frame was acknowledged.
    void acknowledged(time_point now, round_trip& measured) noexcept
    {
        if (count_ == 1)
            measured.sample(now - sent_);
        stop();
    }

    void stop() noexcept { due_ = never; }
    // The peer cannot take the frame again before `when`. It need not wait for longer than a device
    // repeats a frame of its own.
    void postpone(time_point when) noexcept
    {
        auto const latest = sent_ + round_trip::transmissions * round_trip::initial_timeout;
        if (running())
            due_ = std::max(due_, std::min(when, latest));
    }
    // The next `judge` comes at once.
    void hurry(time_point now) noexcept { due_ = running() ? std::min(due_, now) : never; }
    bool running() const noexcept { return due_ != never; }
    time_point due() const noexcept { return due_; }

private:
    time_point due_ = never;
    time_point sent_{};
    time_point patience_ends_{};
    std::uint8_t count_ = 0;
};

}  // namespace gatehouse::usmp
