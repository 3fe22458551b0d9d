// A distribution of times in fixed logarithmic buckets: exact to 3 %, 9 kB, no allocation.
#pragma once

#include "base/time.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse::sim {

class latencies {
public:
    using microseconds = std::chrono::microseconds;

    void record(duration time) noexcept;

    std::uint64_t count() const noexcept { return count_; }
    microseconds longest() const noexcept { return longest_; }

    // The time that `share` (0 to 1) of all did not exceed; zero when there are none.
    microseconds quantile(double share) const noexcept;

private:
    // Up to 2^36 microseconds, 19 hours.
    static constexpr std::size_t buckets = 1088;

    std::array<std::uint64_t, buckets> filled_{};
    std::uint64_t count_ = 0;
    microseconds longest_{};
};

}  // namespace gatehouse::sim
