#include "protocol/usmp/stream_session.h"

#include "protocol/usmp/limits.h"

#include <algorithm>
#include <utility>

namespace gatehouse::usmp {

stream_session::stream_session(environment& env, time_point handshake_deadline)
    : env_{env}
    , handshake_deadline_{handshake_deadline}
{
}

result<std::size_t> stream_session::receive(time_point now, mutable_bytes in, output& out)
{
    std::size_t consumed = 0;
    while (consumed < in.size() && !ended() && !out.is_full()) {
        auto const rest = in.subspan(consumed);
        if (!starts_like_a_frame(rest))
            return error::malformed_magic;
        if (rest.size() < header_size)
            break;
        auto const header = parse_header(rest);
        if (!header)
            return header.error();
        if (rest.size() < header->frame_size())
            break;
        auto const taken = take(now, *header, rest.first(header->frame_size()), out);
        if (!taken)
            return taken.error();
        consumed += header->frame_size();
    }
    if (consumed == in.size() || out.is_full())
        frame_deadline_ = never;
    else if (consumed > 0 || frame_deadline_ == never)
        frame_deadline_ = now + limits::frame_time;
    return consumed;
}

result<> stream_session::take(
    time_point now, frame_header const& header, mutable_bytes frame, output& out
)
{
    if (auto* live = std::get_if<established>(&state_)) {
        auto const taken = live->receive(env_, now, header, frame, out);
        facts_.confirmed = facts_.confirmed || live->is_confirmed(env_, now);
        return taken;
    }
    if (auto* waiting = std::get_if<awaiting_proof>(&state_))
        return on(now, header, frame, *waiting, out);
    return on(header, frame, std::get<awaiting_hello>(state_), out);
}

// Handshake checksums are not judged: some releases never did, and the proofs decide anyway.
result<> stream_session::on(
    frame_header const& header, mutable_bytes frame, awaiting_hello&, output& out
)
{
    if (header.type != frame_type::hello)
        return error::malformed_type;
    if (!env_.config.admits_version(header.version))
        return error::incompatible_version;
    auto const message = hello::parse(frame.subspan(header_size));
    if (!message)
        return message.error();
    facts_.device = identity::device_id::from_mac(message->device);
    state_ = answer_hello(env_, header.version, *message, out.wire);
    return {};
}

result<> stream_session::on(
    time_point now,
    frame_header const& header,
    mutable_bytes frame,
    awaiting_proof& waiting,
    output& out
)
{
    if (header.type != frame_type::hello_ack)
        return error::malformed_type;
    if (header.version != waiting.version)
        return error::malformed_magic;
    auto const message = hello_ack::parse(frame.subspan(header_size));
    if (!message)
        return message.error();
    auto found = judge_proof(env_, waiting, *message, header.sequence, facts_);
    if (!found)
        return found.error();
    write(handshake_frame{waiting.version, 0}, found->answer, out.wire);
    state_.emplace<established>(env_, std::move(*found), now);
    return {};
}

result<> stream_session::send(time_point, bytes message, output& out)
{
    if (auto* live = std::get_if<established>(&state_))
        return live->send(env_, message, out);
    return error::internal_closed;
}

result<> stream_session::on_deadline(time_point now, output&)
{
    auto* live = std::get_if<established>(&state_);
    if (live == nullptr) {
        if (now >= handshake_deadline_)
            return error::limit_handshake_time;
        return {};
    }
    if (now >= frame_deadline_)
        return error::limit_frame_time;
    facts_.confirmed = facts_.confirmed || live->is_confirmed(env_, now);
    return live->check_limits(env_, now);
}

time_point stream_session::deadline() const
{
    if (auto const* live = std::get_if<established>(&state_)) {
        auto const confirmed = facts_.confirmed ? never : live->confirmed_by_staying(env_);
        return std::min({frame_deadline_, live->deadline(env_), confirmed});
    }
    return handshake_deadline_;
}

session_times stream_session::times() const
{
    auto const* live = std::get_if<established>(&state_);
    return live == nullptr ? session_times{} : live->times();
}

void stream_session::end(time_point, output& out)
{
    if (auto* live = std::get_if<established>(&state_))
        live->say_bye(env_, out);
}

void stream_session::peer_closed(time_point now)
{
    if (auto* live = std::get_if<established>(&state_))
        live->learn_from_close(now);
}

std::optional<end_reason> stream_session::ended() const
{
    auto const* live = std::get_if<established>(&state_);
    if (live != nullptr && live->goodbye())
        return end_reason::bye;
    return std::nullopt;
}

void stream_session::set_key_window(
    identity::key_window const& window, wall_time wall_now, time_point now
)
{
    if (auto* live = std::get_if<established>(&state_))
        live->set_key_window(window, wall_now, now);
}

}  // namespace gatehouse::usmp
