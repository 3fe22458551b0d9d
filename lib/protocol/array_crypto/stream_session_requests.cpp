// What each request of a device does.
#include "protocol/array_crypto/handshake_body.h"
#include "protocol/array_crypto/limits.h"
#include "protocol/array_crypto/snapshot.h"
#include "protocol/array_crypto/stream_session.h"
#include "protocol/array_crypto/v1_message.h"

#include <algorithm>

namespace gatehouse::array_crypto {

namespace {

constexpr std::uint64_t v1_ticks = std::uint64_t{1} << 31;  // then they begin anew

std::int64_t seconds_of(wall_time when) noexcept
{
    return when.time_since_epoch().count();
}

// Is this the media type, whatever its parameters?
bool is_type(std::string_view value, std::string_view wanted) noexcept
{
    value = value.substr(0, value.find(';'));
    while (!value.empty() && value.back() == ' ')
        value.remove_suffix(1);
    return std::equal(
        value.begin(),
        value.end(),
        wanted.begin(),
        wanted.end(),
        [](char one, char other) {
            return one == other || (one >= 'A' && one <= 'Z' && one + ('a' - 'A') == other);
        }
    );
}

}  // namespace

void stream_session::take(endpoint to, whole_request const& request, output& out)
{
    facts_.device = request.of.name;
    facts_.generation = name_of(request.of.speaks);
    facts_.credential = request.of.credential;
    facts_.is_protected = request.of.speaks != profile::v1;
    switch (to) {
    case endpoint::snapshot:
        return tell_snapshot(request, out);
    case endpoint::handshake:
        return take_handshake(request, out);
    case endpoint::health:
        return tell_health(request, out);
    case endpoint::message:
        return take_message(request, out);
    }
}

void stream_session::tell_snapshot(whole_request const& request, output& out)
{
    auto const& of = request.of;
    snapshot told{{}, env_.wall_now};
    if (of.speaks == profile::v1)
        told.of = {of.v1_seed, static_cast<std::uint64_t>(seconds_of(told.when)) % v1_ticks};
    else
        told.of = env_.pairs.tell(of.state, now_, env_.random);
    auto const text = write(told, sign(env_.crypto.hmac, of.secret.expose(), told));
    say({.json = text.view(), .then = request.then}, out);
}

void stream_session::take_handshake(whole_request const& request, output& out)
{
    auto const by = request.of.speaks;
    auto verdict = handshake_verdict::no_hash;
    if (is_type(request.head.content_type, "application/json"))
        verdict = judge_handshake(by, request.body);
    answer said{.then = request.then};
    switch (verdict) {
    case handshake_verdict::good:
        said.json = R"({"status":"ok"})";
        break;
    case handshake_verdict::no_hash:
        said.what = status::unprocessable;
        said.json = usual_text(said.what);
        break;
    case handshake_verdict::bad_format:
        said.what = status::bad_request;
        said.json = R"({"detail":"Invalid hash format"})";
        break;
    case handshake_verdict::bad_hex:
        said.what = status::bad_request;
        said.json = R"({"detail":"Invalid hash hex encoding"})";
        break;
    }
    say(said, out);
}

// Without the tick, of which half a key is made, and without a count: nobody has proven anything.
void stream_session::tell_health(whole_request const& request, output& out)
{
    auto const seconds = static_cast<std::uint64_t>(seconds_of(env_.wall_now));
    short_text<128> text;
    text.add(R"({"status":"healthy","timestamp":)").add(seconds);
    if (request.of.speaks == profile::v2)
        text.add(R"(,"tick":0,"authenticated_clients":0)");
    text.add("}");
    say({.json = text.view(), .then = request.then}, out);
}

void stream_session::take_message(whole_request const& request, output& out)
{
    auto const& type = request.head.content_type;
    if (!type.empty() && !is_type(type, "application/octet-stream")) {
        auto const what = status::unsupported_media_type;
        say({.what = what, .json = usual_text(what), .then = request.then}, out);
        return;
    }
    auto const text = open(request);
    if (!text) {
        bool const is_limit = class_of(text.error()) == error_class::limit;
        refuse(is_limit ? status::too_many_requests : status::bad_request, text.error(), out);
        return;
    }
    if (!life_)
        begin_session(request.of);
    life_->heard(now_);
    out.up.push_back(*text);
    waiting_ = {
        request.of.state,
        request.of.v1_seed,
        later(now_, env_.config.reply_timeout),
        request.of.speaks,
        request.then,
    };
    if (!env_.config.answers)
        answer_without_body(out);
}

void stream_session::begin_session(device const& of)
{
    std::array<std::uint8_t, sizeof age_> drawn{};
    env_.random.fill(drawn);
    age_ = static_cast<age_draw>(drawn[0] << 8 | drawn[1]);
    life_.emplace(of.window, env_.wall_now, now_);
    facts_.id = env_.ids.issue();
    facts_.authenticated = true;
}

result<bytes> stream_session::open(whole_request const& request)
{
    if (request.body.size() < overhead(request.of.speaks))
        return error::malformed_truncated;
    return request.of.speaks == profile::v1 ? open_v1(request.of, request.body)
                                            : open_v2(request.of, request.body);
}

// A v1 message can be read as long as the seed is the same, which is for ever: its own time is the
// only thing that says how old it is.
result<bytes> stream_session::open_v1(device const& of, mutable_bytes message)
{
    auto const opened = v1::open(of.v1_seed, message);
    if (!opened)
        return opened.error();
    auto const made = v1::seconds_of(opened->salt);
    auto const now = static_cast<std::uint64_t>(seconds_of(env_.wall_now));
    auto const drift = static_cast<std::uint64_t>(limits::drift.count());
    if (made > now + drift || made + drift < now)
        return error::unproven_stale;
    auto const left = std::chrono::seconds{made + drift - now + 1};
    if (auto const is_new = env_.pairs.accept_until(of.state, opened->salt, now_ + left, now_);
        !is_new)
        return is_new.error();
    return opened->text;
}

// The hash tells the tick, and with it the pair.
result<bytes> stream_session::open_v2(device const& of, mutable_bytes message)
{
    auto const live = env_.pairs.live(of.state, now_);
    auto const pairs = std::span{live.all}.first(live.count);
    auto const under = std::find_if(pairs.begin(), pairs.end(), [&](pair const& one) {
        return v2::is_of(one.tick, message);
    });
    if (under == pairs.end())
        return error::unproven_frame;
    auto const salt = message.subspan(v2::hash_size, v2::salt_size);
    if (auto const is_new = env_.pairs.accept(of.state, *under, salt, now_); !is_new)
        return is_new.error();
    return bytes{v2::open(env_.messages, *under, message).text};
}

}  // namespace gatehouse::array_crypto
