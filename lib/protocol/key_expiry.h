// When the window of a key closes, on the monotonic clock that sessions live by.
#pragma once

#include "base/time.h"
#include "identity/key_window.h"

#include <chrono>

namespace gatehouse {

// `now` when it is closed already.
inline time_point expiry_of(
    identity::key_window const& window, wall_time wall_now, time_point now
) noexcept
{
    // A window that is not open yet again is as good as closed: nobody may enter with that key.
    if (!window.open_at(wall_now))
        return now;
    if (window.not_after == wall_time::max())
        return never;
    // In seconds first: the year 9999 is further away than a duration can say.
    auto const left = window.not_after - wall_now;
    auto const reach = std::chrono::duration_cast<std::chrono::seconds>(never - now);
    return left >= reach ? never : now + left;
}

}  // namespace gatehouse
