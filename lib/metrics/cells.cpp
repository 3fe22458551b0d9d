#include "metrics/cells.h"

#include <algorithm>

namespace gatehouse::metrics {

void histogram::observe(duration taken) noexcept
{
    auto const counted = std::chrono::duration_cast<std::chrono::microseconds>(taken).count();
    auto const value = static_cast<std::uint64_t>(std::max<std::int64_t>(counted, 0));
    auto const bound = std::lower_bound(handshake_bounds.begin(), handshake_bounds.end(), value);
    buckets.at(static_cast<std::size_t>(bound - handshake_bounds.begin())).add();
    sum.add(value);
}

}  // namespace gatehouse::metrics
