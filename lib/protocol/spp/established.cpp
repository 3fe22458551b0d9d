#include "protocol/spp/established.h"

#include <utility>

namespace gatehouse::spp {

established::established(environment& env, proven&& start, time_point now)
    : key_{std::move(start.key)}
    , prefix_{draw_prefix(env.random)}
    , life_{start.window, env.wall_now, now}
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
    life_.heard(now);
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
    return life_.check(config, now, draw());
}

time_point established::deadline(settings const& config) const noexcept
{
    return is_spent(config) ? life_.started() : life_.deadline(config, draw());
}

}  // namespace gatehouse::spp
