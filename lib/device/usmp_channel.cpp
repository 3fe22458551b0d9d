#include "device/usmp_channel.h"

#include <utility>

namespace gatehouse::device {

using usmp::frame_type;

usmp_channel::usmp_channel(
    usmp_release const& release,
    crypto::aead_algorithm cipher,
    usmp::session_keys&& keys,
    usmp::wire_session_id const& id
)
    : up_{release, cipher, std::move(keys.uplink), id}
    , receive_{std::move(keys.downlink), 0}
{
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
    auto const text = usmp::open_frame(up_.context(env), header, receive_.key, frame);
    if (!text)
        return text.error();
    ++receive_.next;
    if (header.type == frame_type::data)
        return message_.finish(*text, out);
    if (header.type == frame_type::data_frag)
        return message_.add(*up_.release().how, *text, env.blocks);
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
    if (!control_.allow(now))
        return error::limit_control_frames;
    if (type == frame_type::ping)
        return send_control(env, frame_type::pong, out);
    ++pongs_;
    return {};
}

result<> usmp_channel::send(usmp_environment& env, bytes message, output& out)
{
    return up_.send(env, message, out.wire);
}

result<> usmp_channel::send_control(usmp_environment& env, frame_type type, output& out)
{
    return up_.send_control(env, type, out.wire);
}

result<> usmp_channel::rekey(usmp_environment& env, output& out)
{
    auto keys = up_.start_rekey(env, receive_.key, out.wire);
    if (!keys)
        return keys.error();
    change_keys(std::move(keys->initiator), std::move(keys->responder));
    return {};
}

result<> usmp_channel::take_rekey(usmp_environment& env, bytes salt)
{
    auto keys = up_.follow_rekey(env, receive_.key, salt);
    if (!keys)
        return keys.error();
    change_keys(std::move(keys->responder), std::move(keys->initiator));
    return {};
}

void usmp_channel::change_keys(crypto::aead_key&& up, crypto::aead_key&& down) noexcept
{
    up_.change_key(std::move(up));
    receive_ = {std::move(down), 0};
    ++rekeys_;
}

}  // namespace gatehouse::device
