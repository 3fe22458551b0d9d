#include "protocol/usmp/lifetime.h"

#include <algorithm>

namespace gatehouse::usmp {

namespace {

// When a key window closes, on the monotonic clock.
time_point expiry_of(
    identity::key_window const& window, wall_time wall_now, time_point now
) noexcept
{
    if (window.not_after == wall_time::max())
        return never;
    // In seconds first: the year 9999 is further away than a duration can say.
    auto const left = window.not_after - wall_now;
    auto const reach = std::chrono::duration_cast<std::chrono::seconds>(never - now);
    return left >= reach ? never : now + left;
}

}  // namespace

lifetime::lifetime(identity::key_window const& window, wall_time wall_now, time_point now) noexcept
    : started_{now}
    , last_frame_{now}
    , key_expires_{expiry_of(window, wall_now, now)}
{
}

void lifetime::set_key_window(
    identity::key_window const& window, wall_time wall_now, time_point now
) noexcept
{
    // A window that is not open yet again is as good as closed: nobody may enter with that key.
    key_expires_ = window.open_at(wall_now) ? expiry_of(window, wall_now, now) : now;
}

result<> lifetime::check(settings const& config, time_point now) const noexcept
{
    if (now >= key_expires_)
        return error::unproven_expired_key;
    if (now >= later(started_, config.max_session_age))
        return error::limit_session_age;
    if (now >= later(last_frame_, config.idle_timeout))
        return error::limit_idle_time;
    return {};
}

time_point lifetime::deadline(settings const& config) const noexcept
{
    return std::min({
        key_expires_,
        later(started_, config.max_session_age),
        later(last_frame_, config.idle_timeout),
    });
}

}  // namespace gatehouse::usmp
