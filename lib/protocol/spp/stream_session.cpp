#include "protocol/spp/stream_session.h"

#include "protocol/spp/limits.h"

#include <algorithm>
#include <utility>

namespace gatehouse::spp {

stream_session::stream_session(
    environment& env, awaiting_hello state, time_point handshake_deadline, peer_address const& peer
)
    : env_{env}
    , state_{std::move(state)}
    , handshake_deadline_{handshake_deadline}
    , peer_{peer}
{
    if (auto const* waiting = std::get_if<awaiting_hello>(&state_); waiting->sent)
        facts_.credential = waiting->sent->gateway_key;
}

result<std::size_t> stream_session::receive(time_point now, mutable_bytes in, output& out)
{
    std::size_t consumed = 0;
    while (consumed < in.size() && !out.is_full()) {
        auto const taken = step(now, in.subspan(consumed), out);
        if (!taken)
            return taken;
        if (*taken == 0)
            break;
        consumed += *taken;
    }
    if (consumed == in.size() || out.is_full())
        record_deadline_ = never;
    else if (consumed > 0 || record_deadline_ == never)
        record_deadline_ = now + limits::record_time;
    return consumed;
}

result<std::size_t> stream_session::step(time_point now, mutable_bytes in, output& out)
{
    if (auto const* waiting = std::get_if<awaiting_hello>(&state_))
        return take_hello(now, *waiting, in, out);
    if (in.size() < length_size)
        return 0;
    auto const size = record_size(in, lengths());
    if (!size)
        return size.error();
    if (in.size() < *size)
        return 0;
    return take_record(now, in.first(*size), out);
}

result<std::size_t> stream_session::take_hello(
    time_point now, awaiting_hello const& state, bytes in, output& out
)
{
    auto const judged = judge(in);
    if (judged.what == first_bytes::form::unclear)
        return 0;
    if (judged.what == first_bytes::form::refused) {
        facts_.generation = judged.foreign;
        return judged.why;
    }
    auto const message = hello::parse(in.first(hello::size));
    if (!message)
        return message.error();
    auto agreed = judge_hello(env_, state, {*message, peer_, now}, facts_, out.wire);
    if (!agreed)
        return agreed.error();
    state_ = std::move(*agreed);
    return hello::size;
}

result<std::size_t> stream_session::take_record(time_point now, mutable_bytes record, output& out)
{
    if (auto* live = std::get_if<established>(&state_)) {
        auto const taken = live->receive(env_, now, record, out);
        if (!taken)
            return taken.error();
        return record.size();
    }
    auto const& waiting = std::get<awaiting_first_record>(state_);
    auto first = judge_first_record(env_, waiting, record, facts_);
    if (!first)
        return first.error();
    env_.hints.learn(peer_.ip, waiting.between->device_key);
    state_.emplace<established>(env_, std::move(first->device), now);
    out.up.push_back(first->payload);
    return record.size();
}

// Until the first record has told the generation, it may be the one with the shortest.
length_range stream_session::lengths() const noexcept
{
    if (auto const* live = std::get_if<established>(&state_))
        return live->lengths(env_.config);
    return {
        shortest_record(generation::rs_d),
        record_length(generation::py_0_2, env_.config.message_limit)};
}

result<> stream_session::send(time_point, bytes message, output& out)
{
    if (auto* live = std::get_if<established>(&state_))
        return live->send(env_, message, out);
    return error::internal_closed;
}

result<> stream_session::on_deadline(time_point now, output&)
{
    auto const* live = std::get_if<established>(&state_);
    if (live == nullptr) {
        if (now >= handshake_deadline_)
            return error::limit_handshake_time;
        return {};
    }
    if (now >= record_deadline_)
        return error::limit_frame_time;
    return live->check_limits(env_.config, now);
}

time_point stream_session::deadline() const
{
    if (auto const* live = std::get_if<established>(&state_))
        return std::min(record_deadline_, live->deadline(env_.config));
    return handshake_deadline_;
}

session_times stream_session::times() const
{
    auto const* live = std::get_if<established>(&state_);
    return live == nullptr ? session_times{} : live->times();
}

void stream_session::end(time_point, output&)
{
    if (auto* live = std::get_if<established>(&state_))
        live->fall_silent();
}

void stream_session::set_key_window(
    identity::key_window const& window, wall_time wall_now, time_point now
)
{
    if (auto* live = std::get_if<established>(&state_))
        live->set_key_window(window, wall_now, now);
}

}  // namespace gatehouse::spp
