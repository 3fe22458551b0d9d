// What each package of a device means, in the order in which they come.
#include "base/base64.h"
#include "identity/keyed_peers.h"
#include "protocol/upss/confirmation.h"
#include "protocol/upss/lenient_base64.h"
#include "protocol/upss/limits.h"
#include "protocol/upss/own_iv.h"
#include "protocol/upss/stream_session.h"

#include <algorithm>

namespace gatehouse::upss {

namespace {

constexpr std::string_view send_type = "SEND";
constexpr std::string_view status_type = "STATUS";

bool is_route(std::string_view path) noexcept
{
    return path.starts_with('/') && path.size() <= limits::route_size;
}

}  // namespace

result<> stream_session::take(package const& said, output& out)
{
    switch (phase_) {
    case phase::hello:
        return take_hello(said, out);
    case phase::key:
        return take_key(said);
    case phase::confirmation:
        return take_confirmation(said);
    case phase::call:
        return take_call(said, out);
    case phase::first_message:
    case phase::message:
        return take_message(said, out);
    case phase::opening:
    case phase::answer:
        break;
    }
    return error::internal_closed;
}

result<> stream_session::take_hello(package const& said, output& out)
{
    if (said.type != send_type)
        return error::malformed_type;
    if (!is_route(said.path))
        return error::malformed_length;
    path_ = said.path;
    pair_ = env_.keys.current();
    write_package({path_, package_type::send, "public_key"}, pair_->public_pem, out.wire);
    phase_ = phase::key;
    return {};
}

result<> stream_session::take_key(package const& said)
{
    if (said.type != send_type)
        return error::malformed_type;
    if (said.path != path_)
        return error::unproven_sequence;
    auto const block = said.key;
    auto const size = env_.config.base64 == base64_reading::strict
                          ? from_base64(as_text(block), block)
                          : from_base64_leniently(block, base64_alphabet::standard);
    if (size != pair_->block_size)
        return error::malformed_public_key;
    opening_ = std::make_shared<key_opening>();
    opening_->waiting = carrier_;
    opening_->from = peer_;
    if (auto const begun = env_.keys.open(pair_, block.first(*size), opening_); !begun)
        return begun;
    phase_ = phase::opening;
    return {};
}

// A key that is none is told apart from a block that does not open by nobody: the device hears of
// either that it cannot open what the gateway sealed.
result<> stream_session::opened(output& out)
{
    auto answer = std::move(*opening_->answer);
    opening_.reset();
    pair_.reset();
    if (!answer)
        return answer.error();
    auto found = read_field_key(answer->expose_mutable(), env_.config.base64);
    if (found && is_weak(*found))
        return error::unproven_key;
    if (found) {
        key_ = std::move(*found);
    } else {
        env_.random.fill(key_.sign.expose_mutable());
        env_.random.fill(key_.encrypt.expose_mutable());
    }
    say_sealed(as_bytes(confirmation_sentence), out);
    phase_ = phase::confirmation;
    return {};
}

result<> stream_session::take_confirmation(package const& said)
{
    if (said.status != "OK")
        return error::unproven_key;
    phase_ = phase::call;
    return {};
}

result<> stream_session::take_call(package const& said, output& out)
{
    if (said.action != "call_handler")
        return error::malformed_type;
    if (said.path != path_)
        return error::unproven_sequence;
    auto const& routes = env_.config.routes;
    is_listed_ = std::find(routes.begin(), routes.end(), path_) != routes.end();
    say_status("OK", out);
    phase_ = phase::first_message;
    return {};
}

result<> stream_session::take_message(package const& said, output& out)
{
    if (!is_listed_) {
        refuse(error::unproven_route, out);
        return {};
    }
    auto const text = open_message(said);
    if (!text) {
        refuse(text.error(), out);
        return {};
    }
    if (!life_)
        begin_session(said);
    life_->heard(now_);
    ++turns_;
    out.up.push_back(*text);
    if (env_.config.forward_plain) {
        out.plain.resize(out.up.size());
        out.plain.back() = env_.packages.plain();
    }
    phase_ = phase::answer;
    deadline_ = later(now_, env_.config.reply_timeout);
    return {};
}

result<bytes> stream_session::open_message(package const& said)
{
    if (turns_ >= limits::turns)
        return error::limit_requests;
    if (!said.has_message)
        return error::unproven_frame;
    auto const field = open_field(env_.crypto, key_, said.message, env_.config.base64);
    if (!field)
        return field.error();
    if (auto const good = is_acceptable(*field); !good)
        return good.error();
    return bytes{field->text};
}

result<> stream_session::is_acceptable(opened_field const& field)
{
    if (is_own_iv(env_.crypto.hmac, env_.own_mark, field.iv))
        return error::unproven_reflection;
    auto const seconds = std::chrono::ceil<std::chrono::seconds>(env_.config.clock_tolerance);
    auto const tolerance = static_cast<std::uint64_t>(seconds.count());
    auto const now = static_cast<std::uint64_t>(env_.wall_now.time_since_epoch().count());
    auto const off = std::max(now, field.seconds) - std::min(now, field.seconds);
    if (tolerance != 0 && off > tolerance)
        return error::unproven_stale;
    if (!env_.config.refuse_repeats)
        return {};
    std::array<std::uint8_t, 16> mark{};
    std::copy_n(field.mac.begin(), mark.size(), mark.begin());
    if (std::find(seen_.begin(), seen_.end(), mark) != seen_.end())
        return error::unproven_replay;
    if (seen_.size() >= limits::remembered_fields)
        return error::limit_requests;
    seen_.push_back(mark);
    return {};
}

void stream_session::begin_session(package const& said)
{
    facts_.device = identity::anonymous_device();
    facts_.id = env_.ids.issue();
    has_one_turn_ = said.type == status_type;
    facts_.generation = has_one_turn_ ? "0.0.1" : "0.0.2";
    facts_.authenticated = true;
    std::array<std::uint8_t, sizeof age_> drawn{};
    env_.random.fill(drawn);
    age_ = static_cast<age_draw>(drawn[0] << 8 | drawn[1]);
    life_.emplace(identity::key_window{}, env_.wall_now, now_);
}

}  // namespace gatehouse::upss
