// How long to wait for an acknowledgement: Jacobson's estimate with Karn's rule, as the 1.2
// releases compute it (docs/protocols/usmp.md, "Acknowledgements").
#pragma once

#include "base/time.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace gatehouse::usmp {

class round_trip {
public:
    static constexpr std::chrono::milliseconds initial_timeout{500};
    static constexpr std::chrono::milliseconds shortest_timeout{100};
    static constexpr std::chrono::milliseconds longest_timeout{5000};
    static constexpr unsigned transmissions = 5;  // of one frame, before it is given up

    // An acknowledgement of a frame that was sent once took this long.
    void sample(duration taken) noexcept
    {
        using std::chrono::microseconds;
        auto const longest = std::chrono::duration_cast<microseconds>(longest_timeout).count();
        auto const value = static_cast<std::int32_t>(std::clamp<std::int64_t>(
            std::chrono::duration_cast<microseconds>(taken).count(), 0, longest
        ));
        auto const distance = value > smoothed_ ? value - smoothed_ : smoothed_ - value;
        variation_ += (distance - variation_) / 4;
        smoothed_ += (value - smoothed_) / 8;
        measured_ = true;
    }

    // From now on as the releases up to 1.1: no wait is shorter than theirs, and all are alike; but
    // behind their last transmission there are more, half as often.
    void never_hurry() noexcept { hurries_ = false; }
    bool hurries() const noexcept { return hurries_; }

    // How long to wait after transmission number `sent` (1 for the first): doubled each time.
    duration timeout(unsigned sent) const noexcept
    {
        duration wait = initial_timeout;
        if (measured_)
            wait = std::chrono::microseconds{smoothed_ + 4 * std::int64_t{variation_}};
        wait = std::clamp<duration>(
            wait, hurries_ ? shortest_timeout : initial_timeout, longest_timeout
        );
        if (!hurries_)
            return sent < transmissions ? wait : 2 * wait;
        for (unsigned i = 1; i < sent; ++i)
            wait = std::min<duration>(2 * wait, longest_timeout);
        return wait;
    }

private:
    std::int32_t smoothed_ = 200'000;   // microseconds
    std::int32_t variation_ = 100'000;  // microseconds
    bool measured_ = false;
    bool hurries_ = true;
};

}  // namespace gatehouse::usmp
