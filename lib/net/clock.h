// The only readings of a clock in the gateway.
#pragma once

#include "base/time.h"

#include <ctime>

namespace gatehouse {

inline time_point read_clock() noexcept
{
    return std::chrono::steady_clock::now();
}

// What the calling thread has spent of a core's time.
inline duration read_thread_clock() noexcept
{
    timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return std::chrono::seconds{spent.tv_sec} + std::chrono::nanoseconds{spent.tv_nsec};
}

inline wall_time read_wall_clock() noexcept
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// How far the wall clock is ahead of the other one: it changes when somebody sets the clock.
inline std::chrono::milliseconds read_wall_clock_offset() noexcept
{
    return std::chrono::floor<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch() -
        std::chrono::steady_clock::now().time_since_epoch()
    );
}

}  // namespace gatehouse
