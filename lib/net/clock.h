// The only readings of a clock in the house.
#pragma once

#include "base/time.h"

namespace gatehouse {

inline time_point read_clock() noexcept
{
    return std::chrono::steady_clock::now();
}

inline wall_time read_wall_clock() noexcept
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace gatehouse
