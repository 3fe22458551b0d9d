#include "protocol/upss/stream_session.h"

#include "protocol/upss/limits.h"
#include "protocol/upss/own_iv.h"

#include <algorithm>

namespace gatehouse::upss {

stream_session::stream_session(
    environment& env, time_point first_deadline, peer_address const& peer
)
    : env_{env}
    , peer_{peer}
    , deadline_{first_deadline}
{
}

stream_session::~stream_session()
{
    if (opening_)
        opening_->waiting = nullptr;
}

std::size_t stream_session::package_limit() const noexcept
{
    bool const is_application = phase_ >= phase::first_message;
    return is_application ? env_.config.body_limit : limits::handshake_package;
}

result<std::size_t> stream_session::receive(time_point now, mutable_bytes in, output& out)
{
    now_ = now;
    std::size_t consumed = 0;
    for (;;) {
        consumed += leading_blanks(in.subspan(consumed));
        if (ends_)
            return in.size();
        auto const rest = in.subspan(consumed);
        if (is_ours() && rest.size() >= env_.config.body_limit)
            return error::malformed_oversize;
        if (rest.empty() || is_ours() || out.is_full())
            return consumed;
        auto const whole = scan_.look(rest, package_limit());
        if (!whole)
            return whole.error();
        if (*whole == 0)
            return consumed;
        scan_.begin_anew();
        auto const said = env_.packages.read(rest.first(*whole));
        if (!said)
            return said.error();
        if (auto const taken = take(*said, out); !taken)
            return taken.error();
        consumed += *whole;
    }
}

result<> stream_session::send(time_point now, bytes message, output& out)
{
    if (message.empty())
        return send_last(now, message, "OK", out);
    if (phase_ != phase::answer || ends_)
        return error::backend_no_request;
    if (message.size() > env_.config.max_reply)
        return error::limit_reply_size;
    now_ = now;
    say_sealed(message, out);
    phase_ = phase::message;
    duration const patience = env_.config.turn_timeout;
    deadline_ = later(now, std::min(patience, env_.config.idle_timeout));
    if (has_one_turn_)
        end_conversation({});
    return {};
}

result<> stream_session::send_last(
    time_point now, bytes message, std::string_view status, output& out
)
{
    if (phase_ != phase::answer || ends_)
        return error::backend_no_request;
    if (std::max(message.size(), status.size()) > env_.config.max_reply)
        return error::limit_reply_size;
    now_ = now;
    if (message.empty())
        say_status(status, out);
    else
        say_sealed(message, out);
    end_conversation({});
    return {};
}

result<> stream_session::on_deadline(time_point now, output& out)
{
    now_ = now;
    if (ends_) {
        if (now < deadline_)
            return {};
        if (failure_)
            return *failure_;
        ended_ = end_reason::bye;
        return {};
    }
    if (phase_ == phase::opening && opening_->answer)
        return opened(out);
    if (!life_)
        return now < deadline_ ? result<>{} : error::limit_handshake_time;
    if (auto const reached = life_->check_length(env_.config, now, age_); !reached)
        return reached;
    if (now < deadline_)
        return {};
    if (phase_ == phase::answer)
        refuse(error::limit_reply_time, out);
    else
        ended_ = end_reason::bye;
    return {};
}

time_point stream_session::deadline() const
{
    if (!life_ || ends_)
        return deadline_;
    return std::min(deadline_, life_->length_deadline(env_.config, age_));
}

// A device whose message is with the backend learns that nobody answers.
void stream_session::end(time_point now, output& out)
{
    now_ = now;
    if (phase_ == phase::answer && !ends_)
        say_status("ERROR", out);
    end_conversation(failure_);
}

void stream_session::dismiss(time_point now, output& out)
{
    now_ = now;
    if (phase_ == phase::answer && !ends_)
        say_status("OK", out);
    end_conversation(failure_);
}

void stream_session::peer_closed(time_point)
{
    if (ends_ && !failure_)
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

void stream_session::say_sealed(bytes text, output& out)
{
    auto const seconds = env_.wall_now.time_since_epoch().count();
    field_stamp const stamp{
        .seconds = static_cast<std::uint64_t>(seconds),
        .iv = make_own_iv(env_.crypto.hmac, env_.own_mark, env_.random)};
    package_head const head{path_, package_type::send, "msg"};
    seal_field(
        env_.crypto, key_, stamp, text, write_package(head, sealed_size(text.size()), out.wire)
    );
}

void stream_session::say_status(std::string_view status, output& out)
{
    write_package({path_, package_type::status, "status"}, status, out.wire);
}

void stream_session::refuse(error why, output& out)
{
    say_status("ERROR", out);
    end_conversation(why);
}

// The device has a moment to read what it was told and to hang up.
void stream_session::end_conversation(std::optional<error> why)
{
    ends_ = true;
    failure_ = why;
    deadline_ = later(now_, limits::last_package_time);
}

}  // namespace gatehouse::upss
