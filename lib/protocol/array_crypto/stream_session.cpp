#include "protocol/array_crypto/stream_session.h"

#include "protocol/array_crypto/limits.h"
#include "protocol/array_crypto/v1_message.h"

#include <algorithm>

namespace gatehouse::array_crypto {

namespace {

status status_of(error why) noexcept
{
    switch (why) {
    case error::malformed_oversize:
        return status::header_too_large;
    case error::incompatible_version:
        return status::version_not_supported;
    default:
        return status::bad_request;
    }
}

}  // namespace

stream_session::stream_session(environment& env, time_point first_deadline)
    : env_{env}
    , deadline_{first_deadline}
{
}

result<std::size_t> stream_session::receive(time_point now, mutable_bytes in, output& out)
{
    now_ = now;
    std::size_t consumed = 0;
    std::size_t requests = 0;
    while (consumed < in.size()) {
        // Behind the last request, or behind a message whose answer is still to come.
        if (waiting_)
            waiting_->then = after_answer::close;
        if (waiting_ || ends_)
            return in.size();
        if (out.is_full())
            break;
        if (++requests > limits::pipelined_requests) {
            refuse(status::too_many_requests, error::limit_requests, out);
            continue;
        }
        auto const taken = step(in.subspan(consumed), out);
        if (taken == 0)
            break;
        consumed += taken;
        scan_.begin_anew();
        wanted_ = 0;
        began_request_ = false;
    }
    if (consumed < in.size() && !began_request_) {
        began_request_ = true;
        if (life_ || has_answered_)
            deadline_ = now + limits::request_time;
    }
    return consumed;
}

std::size_t stream_session::step(mutable_bytes in, output& out)
{
    if (in.size() < wanted_)
        return 0;
    auto const header = scan_.look(in);
    if (!header) {
        refuse(status_of(header.error()), header.error(), out);
        return in.size();
    }
    return *header == 0 ? 0 : take_request(in, *header, out);
}

std::size_t stream_session::take_request(mutable_bytes in, std::size_t header, output& out)
{
    auto const head = read_head(in.first(header));
    if (!head) {
        refuse(status_of(head.error()), head.error(), out);
        return in.size();
    }
    auto const routed = find_route(*env_.devices, *head, env_.wall_now);
    auto const& refused = routed.refused;
    bool const is_other = life_ && routed.found && routed.found->of->name != facts_.device;
    if (!routed.found && !life_)
        facts_.device = refused.claimed;
    if (!routed.found) {
        bool const goes_on = !refused.why && head->keeps_alive && head->body_size == 0;
        say({refused.what,
             usual_text(refused.what),
             refused.allow,
             goes_on ? after_answer::keep_alive : after_answer::close,
             head->method == verb::head},
            out);
        if (refused.why)
            end_connection(refused.why);
    } else if (is_other) {
        refuse(status::misdirected, {}, out);
    } else if (admits_body(*head, *routed.found, out)) {
        auto const whole = header + head->body_size;
        if (in.size() < whole && wanted_ == 0 && in.size() == header && head->expects_go_ahead)
            write_go_ahead(out.wire);
        wanted_ = whole;
        if (in.size() < whole)
            return 0;
        auto const then = head->keeps_alive ? after_answer::keep_alive : after_answer::close;
        auto const body = in.subspan(header, head->body_size);
        take(routed.found->to, {*head, *routed.found->of, body, then}, out);
        return whole;
    }
    return ends_ ? in.size() : header;
}

bool stream_session::admits_body(request_head const& head, known_request const& where, output& out)
{
    if (head.method == verb::post && !head.has_body_size) {
        refuse(status::length_required, error::malformed_framing, out);
        return false;
    }
    std::size_t limit = 0;
    if (where.to == endpoint::handshake)
        limit = limits::handshake_body;
    if (where.to == endpoint::message)
        limit = env_.config.message_limit + overhead(where.of->speaks);
    if (head.body_size <= limit)
        return true;
    if (!life_)
        facts_.device = where.of->name;
    refuse(status::content_too_large, error::malformed_oversize, out);
    return false;
}

void stream_session::say(answer const& what, output& out)
{
    write(what, out.wire);
    answered(what.then);
}

// The last answer: the connection ends behind it.
void stream_session::refuse(status what, std::optional<error> why, output& out)
{
    write({.what = what, .json = usual_text(what), .then = after_answer::close}, out.wire);
    end_connection(why);
}

void stream_session::answered(after_answer then)
{
    has_answered_ = true;
    if (life_)
        life_->heard(now_);
    deadline_ = later(now_, env_.config.idle_timeout);
    if (then == after_answer::close)
        end_connection({});
}

// The device has a moment to read what it was told and to hang up.
void stream_session::end_connection(std::optional<error> why)
{
    ends_ = true;
    failure_ = why;
    deadline_ = now_ + limits::last_answer_time;
}

// The message was taken, and there is nothing to say to it.
void stream_session::answer_without_body(output& out)
{
    auto const then = waiting_->then;
    waiting_.reset();
    say({.what = status::no_content, .then = then}, out);
}

result<> stream_session::send(time_point now, bytes message, output& out)
{
    if (!waiting_)
        return error::backend_no_request;
    if (message.size() > env_.config.message_limit)
        return error::limit_message_size;
    now_ = now;
    auto const asked = *waiting_;
    waiting_.reset();
    auto const size = overhead(asked.speaks) + message.size();
    auto const space = write_octets(size, asked.then, out.wire);
    if (asked.speaks == profile::v1) {
        std::array<std::uint8_t, v1::salt_size> drawn{};
        env_.random.fill(drawn);
        auto const seconds = env_.wall_now.time_since_epoch().count();
        auto const salt = v1::make_salt(static_cast<std::uint64_t>(seconds), drawn);
        v1::seal(asked.v1_seed, salt, message, space);
    } else {
        v2::message_salt salt{};
        env_.random.fill(salt);
        auto const under = env_.pairs.for_reply(asked.state, now, env_.random);
        v2::seal(env_.messages, under, salt, message, space);
    }
    answered(asked.then);
    return {};
}

result<> stream_session::on_deadline(time_point now, output& out)
{
    now_ = now;
    if (life_ && !ends_)
        return on_live_deadline(out);
    if (now < deadline_)
        return {};
    if (failure_)
        return *failure_;
    if (!ends_ && (began_request_ || !has_answered_))
        return error::limit_handshake_time;
    ended_ = end_reason::bye;
    return {};
}

result<> stream_session::on_live_deadline(output& out)
{
    if (auto const reached = life_->check_length(env_.config, now_, age_); !reached)
        return reached;
    if (waiting_) {
        if (now_ >= waiting_->until)
            answer_without_body(out);
        return {};
    }
    if (began_request_ && now_ >= deadline_)
        return error::limit_frame_time;
    return life_->check(env_.config, now_, age_);
}

time_point stream_session::deadline() const
{
    if (!life_ || ends_)
        return deadline_;
    auto const length = life_->length_deadline(env_.config, age_);
    if (waiting_)
        return std::min(length, waiting_->until);
    auto const idle = life_->idle_deadline(env_.config);
    return std::min(length, began_request_ ? std::min(idle, deadline_) : idle);
}

void stream_session::end(time_point now, output& out)
{
    now_ = now;
    if (waiting_) {
        waiting_->then = after_answer::close;
        answer_without_body(out);
    }
    ends_ = true;
}

// Without a session a connection that was answered has done what it was made for.
void stream_session::peer_closed(time_point)
{
    if (!life_ && has_answered_ && !began_request_)
        ended_ = end_reason::bye;
}

session_times stream_session::times() const
{
    return life_ ? session_times{life_->started(), life_->last_heard()} : session_times{};
}

void stream_session::set_key_window(
    identity::key_window const& window, wall_time wall_now, time_point now
)
{
    if (life_)
        life_->set_key_window(window, wall_now, now);
}

}  // namespace gatehouse::array_crypto
