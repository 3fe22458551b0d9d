#include "device/usmp_channel.h"

#include "device/usmp_drawn_nonce.h"
#include "protocol/usmp/limits.h"

#include <algorithm>
#include <utility>

namespace gatehouse::device {

using usmp::frame_type;

namespace {

// docs/protocols/usmp.md, "Session frames": more than eight within a second end the session (1.1
// on; older releases count in other ways that no gateway should come near either).
constexpr std::uint32_t control_frames_limit = 8;
constexpr duration control_frames_window = std::chrono::seconds{1};

}  // namespace

usmp_channel::usmp_channel(
    usmp_release const& release,
    crypto::aead_algorithm cipher,
    usmp::session_keys&& keys,
    usmp::wire_session_id const& id
)
    : release_{release}
    , cipher_{cipher}
    , transmit_{std::move(keys.uplink), 0}
    , receive_{std::move(keys.downlink), 0}
    , id_{id}
{
}

usmp::frame_context usmp_channel::context(usmp_environment& env) const noexcept
{
    return {*release_.how, id_, env.crypto.cipher(cipher_)};
}

result<> usmp_channel::receive(
    usmp_environment& env,
    time_point now,
    usmp::frame_header const& header,
    mutable_bytes frame,
    output& out
)
{
    if (header.sequence == usmp::forbidden_sequence || header.sequence > receive_.next)
        return error::unproven_sequence;
    if (header.sequence < receive_.next)
        return error::unproven_replay;
    auto const text = usmp::open_frame(context(env), header, receive_.key, frame);
    if (!text)
        return text.error();
    ++receive_.next;
    if (header.type == frame_type::data)
        return message_.finish(*text, out);
    if (header.type == frame_type::data_frag)
        return message_.add(*release_.how, *text, env.blocks);
    return take_control(env, now, header.type, *text, out);
}

result<> usmp_channel::take_control(
    usmp_environment& env, time_point now, frame_type type, bytes text, output& out
)
{
    if (type == frame_type::bye && text.empty()) {
        goodbye_ = true;
        return {};
    }
    if (message_.in_progress())
        return error::malformed_fragments;
    if (type == frame_type::rekey)
        return take_rekey(env, text);
    if (!text.empty())
        return error::malformed_length;
    if (type != frame_type::ping && type != frame_type::pong)
        return error::malformed_type;
    if (auto const counted = count_control(now); !counted)
        return counted;
    if (type == frame_type::ping)
        return send_control(env, frame_type::pong, out);
    ++pongs_;
    return {};
}

result<> usmp_channel::count_control(time_point now)
{
    if (now - control_window_ >= control_frames_window) {
        control_window_ = now;
        control_frames_ = 0;
    }
    if (++control_frames_ > control_frames_limit)
        return error::limit_control_frames;
    return {};
}

void usmp_channel::seal(usmp_environment& env, frame_type type, bytes plaintext, output& out)
{
    if (release_.how->nonce == usmp::nonce_rule::carried)
        seal_with_drawn_nonce(context(env), env.random, {type, transmit_, plaintext}, out.wire);
    else
        usmp::seal_frame(context(env), type, transmit_, plaintext, out.wire);
}

result<> usmp_channel::send(usmp_environment& env, bytes message, output& out)
{
    auto const& how = *release_.how;
    if (message.size() > how.message_limit())
        return error::limit_message_size;
    if (transmit_.next >= usmp::limits::last_sequence)
        return error::limit_frame_budget;
    while (message.size() > how.max_plaintext) {
        seal(env, frame_type::data_frag, message.first(how.max_plaintext), out);
        message = message.subspan(how.max_plaintext);
    }
    seal(env, frame_type::data, message, out);
    return {};
}

result<> usmp_channel::send_control(usmp_environment& env, frame_type type, output& out)
{
    if (transmit_.next == usmp::forbidden_sequence)
        return error::limit_frame_budget;
    seal(env, type, {}, out);
    return {};
}

result<> usmp_channel::rekey(usmp_environment& env, output& out)
{
    if (!release_.can_rekey)
        return error::malformed_type;
    if (transmit_.next == usmp::forbidden_sequence)
        return error::limit_frame_budget;
    usmp::rekey_salt salt{};
    env.random.fill(salt);
    auto keys = usmp::derive_rekey(env.crypto.hkdf, transmit_.key, receive_.key, salt, id_);
    seal(env, frame_type::rekey, salt, out);
    transmit_ = {std::move(keys.initiator), 0};
    receive_ = {std::move(keys.responder), 0};
    ++rekeys_;
    return {};
}

result<> usmp_channel::take_rekey(usmp_environment& env, bytes salt)
{
    if (!release_.can_rekey)
        return error::malformed_type;
    if (salt.size() != std::tuple_size_v<usmp::rekey_salt>)
        return error::malformed_length;
    usmp::rekey_salt drawn{};
    std::copy(salt.begin(), salt.end(), drawn.begin());
    auto keys = usmp::derive_rekey(env.crypto.hkdf, receive_.key, transmit_.key, drawn, id_);
    receive_ = {std::move(keys.initiator), 0};
    transmit_ = {std::move(keys.responder), 0};
    ++rekeys_;
    return {};
}

}  // namespace gatehouse::device
