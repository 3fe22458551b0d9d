#include "protocol/spp/established.h"

#include "protocol/key_expiry.h"

#include <algorithm>
#include <utility>

namespace gatehouse::spp {

established::established(environment& env, proven&& start, time_point now)
    : key_{std::move(start.key)}
    , prefix_{draw_prefix(env.random)}
    , started_{now}
    , heard_{now}
    , key_expires_{expiry_of(start.window, env.wall_now, now)}
    , how_{start.how}
{
}

result<> established::receive(environment& env, time_point now, mutable_bytes record, output& out)
{
    // One key serves both directions: an own record would open.
    if (carries(prefix_, record))
        return error::unproven_reflection;
    auto const text = open_record(env.crypto.chacha, key_, record);
    if (!text)
        return text.error();
    auto const payload = judge_sequence(how_, *text, received_ + 1);
    if (!payload)
        return payload.error();
    ++received_;
    heard_ = now;
    out.up.push_back(*payload);
    return {};
}

result<> established::send(environment& env, bytes message, output& out)
{
    if (silent_ || sent_ >= env.config.record_budget)
        return error::internal_closed;
    if (message.size() > env.config.message_limit)
        return error::limit_message_size;
    ++sent_;
    seal_record({env.crypto.chacha, key_, how_, prefix_, sent_}, message, out.wire);
    return {};
}

result<> established::check_limits(settings const& config, time_point now) const noexcept
{
    if (is_spent(config))
        return error::limit_frame_budget;
    if (now >= key_expires_)
        return error::unproven_expired_key;
    if (now >= later(started_, config.max_session_age))
        return error::limit_session_age;
    if (now >= later(heard_, config.idle_timeout))
        return error::limit_idle_time;
    return {};
}

time_point established::deadline(settings const& config) const noexcept
{
    if (is_spent(config))
        return started_;
    return std::min({
        key_expires_,
        later(started_, config.max_session_age),
        later(heard_, config.idle_timeout),
    });
}

void established::set_key_window(
    identity::key_window const& window, wall_time wall_now, time_point now
) noexcept
{
    key_expires_ = expiry_of(window, wall_now, now);
}

}  // namespace gatehouse::spp
