// The two kinds of time. Both come into the lower libraries as arguments; nobody below net reads a
// clock.
#pragma once

#include <chrono>

namespace gatehouse {

// Monotonic time: deadlines, ages, rates.
using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

// Wall time in seconds since 1970 UTC: validity windows of keys, and log lines.
using wall_time = std::chrono::sys_seconds;

// "Never": later than every deadline.
inline constexpr time_point never = time_point::max();

// `from + by`, or `never` where that would not fit.
constexpr time_point later(time_point from, duration by) noexcept
{
    return by >= never - from ? never : from + by;
}

}  // namespace gatehouse
