#include "device/usmp_datagram_channel.h"

#include "crypto/equal.h"

#include <utility>

namespace gatehouse::device {

using standing = replay_window::standing;
using usmp::frame_type;

usmp_datagram_channel::usmp_datagram_channel(
    usmp_release const& release,
    crypto::aead_algorithm cipher,
    usmp::session_keys&& keys,
    usmp::wire_session_id const& id
)
    : up_{release, cipher, std::move(keys.uplink), id}
    , receive_{std::move(keys.downlink)}
{
}

// Releases before 0.6 take the next frame only; `too_old` stands for whatever is not to be opened.
standing usmp_datagram_channel::judge(std::uint32_t sequence) const noexcept
{
    if (sequence == usmp::forbidden_sequence)
        return standing::too_old;
    if (usmp::acks_are_proven(*up_.release().how))
        return seen_.judge(sequence);
    if (sequence > seen_.next())
        return standing::too_old;
    return sequence == seen_.next() ? standing::newest : standing::seen;
}

result<> usmp_datagram_channel::receive(
    usmp_environment& env,
    time_point now,
    usmp::frame_header const& header,
    mutable_bytes frame,
    output& out
)
{
    auto const known = judge(header.sequence);
    bool const strange = header.type == frame_type::rekey && !up_.release().can_rekey;
    if (known == standing::too_old || strange) {
        ++dropped_;
        return {};
    }
    auto const text = usmp::open_frame(up_.context(env), header, receive_, frame);
    if (!text) {
        ++dropped_;
        return {};
    }
    acknowledge(env, {header.type, header.sequence}, out.wire);
    if (known == standing::seen)
        return {};
    return execute(env, now, header, *text, out);
}

result<> usmp_datagram_channel::take_next(
    usmp_environment& env,
    time_point now,
    usmp::frame_header const& header,
    mutable_bytes frame,
    output& out
)
{
    if (header.sequence != next())
        return error::unproven_sequence;
    auto const text = usmp::open_frame(up_.context(env), header, receive_, frame);
    return text ? execute(env, now, header, *text, out) : text.error();
}

// What a frame says that is new.
result<> usmp_datagram_channel::execute(
    usmp_environment& env, time_point now, usmp::frame_header const& header, bytes text, output& out
)
{
    bool const is_newest = seen_.judge(header.sequence) == standing::newest;
    seen_.mark(header.sequence);
    if (header.type == frame_type::data || header.type == frame_type::data_frag) {
        take_chunk(env, header, text, out);
        return {};
    }
    // A control frame between the chunks of a message spoils it; one that comes late does not.
    if (is_newest)
        message_.drop();
    if (header.type == frame_type::rekey) {
        if (auto keys = up_.follow_rekey(env, receive_, text))
            change_keys(std::move(keys->responder), std::move(keys->initiator));
        return {};
    }
    return take_control(now, header.type, text);
}

void usmp_datagram_channel::acknowledge(
    usmp_environment& env, usmp::acked_frame what, wire_buffer& out
) const
{
    if (usmp::acks_are_proven(*up_.release().how))
        usmp::write_ack(what, usmp::prove_ack(env.crypto.hmac, what, receive_), out);
    else
        usmp::write_ack(what, out);
}

bool usmp_datagram_channel::proves(usmp_environment& env, usmp::transport_ack const& ack) const
{
    if (!usmp::acks_are_proven(*up_.release().how))
        return true;
    return ack.mac &&
           crypto::equal(*ack.mac, usmp::prove_ack(env.crypto.hmac, ack.what, up_.key()));
}

// The gateway sends a chunk when the one before was acknowledged, so a gap means another message.
void usmp_datagram_channel::take_chunk(
    usmp_environment& env, usmp::frame_header const& header, bytes text, output& out
)
{
    if (header.sequence != next_chunk_)
        message_.drop();
    next_chunk_ = header.sequence + 1;
    auto const taken = header.type == frame_type::data
                           ? message_.finish(text, out)
                           : message_.add(*up_.release().how, text, env.blocks);
    if (taken)
        return;
    message_.drop();
    ++dropped_;
}

result<> usmp_datagram_channel::take_control(time_point now, frame_type type, bytes text)
{
    if (!text.empty()) {
        ++dropped_;
        return {};
    }
    if (type == frame_type::bye) {
        goodbye_ = true;
        return {};
    }
    if (!control_.allow(now))
        return error::limit_control_frames;
    if (type == frame_type::ping)
        ++pongs_owed_;
    else
        ++pongs_;
    return {};
}

bool usmp_datagram_channel::take_owed_pong() noexcept
{
    if (pongs_owed_ == 0)
        return false;
    --pongs_owed_;
    return true;
}

result<> usmp_datagram_channel::start_rekey(usmp_environment& env, wire_buffer& out)
{
    auto keys = up_.start_rekey(env, receive_, out);
    if (!keys)
        return keys.error();
    fresh_keys_ = std::make_unique<usmp::rekeyed>(std::move(*keys));
    return {};
}

void usmp_datagram_channel::rekey_arrived() noexcept
{
    auto const keys = std::move(fresh_keys_);
    change_keys(std::move(keys->initiator), std::move(keys->responder));
}

void usmp_datagram_channel::change_keys(crypto::aead_key&& up, crypto::aead_key&& down) noexcept
{
    up_.change_key(std::move(up));
    receive_ = std::move(down);
    seen_ = {};
    ++rekeys_;
}

}  // namespace gatehouse::device
