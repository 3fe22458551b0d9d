#include "protocol/usmp/lifetime.h"

#include "protocol/key_expiry.h"

#include <algorithm>

namespace gatehouse::usmp {

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
    key_expires_ = expiry_of(window, wall_now, now);
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
