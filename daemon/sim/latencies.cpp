#include "latencies.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace gatehouse::sim {

namespace {

// Below 64 each value has its bucket; above, each power of two has 32.
constexpr std::uint64_t steps = 32;

std::size_t bucket_of(std::uint64_t value) noexcept
{
    if (value < 2 * steps)
        return value;
    auto const shift = static_cast<unsigned>(std::bit_width(value)) - 6;
    return steps * shift + (value >> shift);
}

std::uint64_t highest_in(std::size_t bucket) noexcept
{
    if (bucket < 2 * steps)
        return bucket;
    auto const shift = bucket / steps - 1;
    return ((bucket - steps * shift + 1) << shift) - 1;
}

}  // namespace

void latencies::record(duration time) noexcept
{
    auto const micros =
        std::max(std::chrono::duration_cast<microseconds>(time), microseconds::zero());
    auto const bucket = bucket_of(static_cast<std::uint64_t>(micros.count()));
    ++filled_.at(std::min(bucket, buckets - 1));
    ++count_;
    longest_ = std::max(longest_, micros);
}

latencies::microseconds latencies::quantile(double share) const noexcept
{
    if (count_ == 0)
        return {};
    auto const rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
        seen += filled_.at(bucket);
        if (seen >= rank)
            return std::min(microseconds{highest_in(bucket)}, longest_);
    }
    return longest_;
}

}  // namespace gatehouse::sim
