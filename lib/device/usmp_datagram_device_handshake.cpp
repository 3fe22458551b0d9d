// The handshake of a datagram device; the rest of it is in usmp_datagram_device.cpp.
#include "base/assert.h"
#include "device/usmp_datagram_device.h"
#include "protocol/usmp/frame.h"

#include <algorithm>
#include <utility>

namespace gatehouse::device {

using usmp::frame_type;

namespace {

usmp::profile const& profile_of(usmp_settings const& settings) noexcept
{
    return *settings.release.how;
}

}  // namespace

void usmp_datagram_device::start(time_point now, output& out)
{
    GATEHOUSE_ASSERT(!started_);
    started_ = true;
    handshake_->ephemeral = crypto::make_x25519_key_pair(env_.random);
    send_hello(now, std::nullopt, out);
}

void usmp_datagram_device::send_hello(
    time_point now, std::optional<usmp::address_cookie> const& cookie, output& out
)
{
    auto const& settings = handshake_->settings;
    auto const sequence = cookie ? settings.release.second_hello_sequence : 0;
    usmp::datagram_hello const message{
        {settings.id, handshake_->ephemeral.public_key},
        cookie,
    };
    wire_buffer frame;
    write({profile_of(settings).version, sequence}, message, frame);
    flight_.begin(env_.blocks, now, frame, out.wire);
}

bool usmp_datagram_device::was_taken(frame_type type) const noexcept
{
    switch (type) {
    case frame_type::hello_retry:
        return live_ || handshake_->retried;
    case frame_type::challenge:
        return live_ || handshake_->challenged;
    case frame_type::session_ok:
        return live_.has_value();
    default:
        return false;
    }
}

bool usmp_datagram_device::is_next(frame_type type) const noexcept
{
    if (live_)
        return false;
    if (handshake_->challenged)
        return type == frame_type::session_ok;
    return type == frame_type::challenge ||
           (type == frame_type::hello_retry && !handshake_->retried);
}

// Each type is taken once. One that comes while our own frame is still out waits for the end of
// that; who takes frames at once has acknowledged it by then.
result<> usmp_datagram_device::take_handshake(
    time_point now, usmp::frame_header const& header, bytes frame, output& out
)
{
    usmp::acked_frame const what{header.type, header.sequence};
    if (was_taken(header.type)) {
        usmp::write_ack(what, out.wire);
        return {};
    }
    if (!is_next(header.type))
        return {};
    // The releases that know HELLO_RETRY are those that prove their UTACKs.
    if (header.type == frame_type::hello_retry &&
        !usmp::acks_are_proven(profile_of(handshake_->settings)))
        return error::malformed_type;
    if (busy()) {
        bool const is_kept = !kept_ || std::ranges::equal(kept_.contents(), frame);
        if (is_kept && takes_at_once())
            usmp::write_ack(what, out.wire);
        keep(frame);
        return {};
    }
    usmp::write_ack(what, out.wire);
    return execute(now, header.type, frame.subspan(usmp::header_size), out);
}

result<> usmp_datagram_device::execute(time_point now, frame_type type, bytes payload, output& out)
{
    if (type == frame_type::hello_retry)
        return retry_hello(now, payload, out);
    if (type == frame_type::challenge)
        return answer_challenge(now, payload, out);
    return begin_session(payload);
}

result<> usmp_datagram_device::retry_hello(time_point now, bytes payload, output& out)
{
    auto const message = usmp::hello_retry::parse(payload);
    if (!message)
        return message.error();
    handshake_->retried = true;
    send_hello(now, message->cookie, out);
    return {};
}

result<> usmp_datagram_device::answer_challenge(time_point now, bytes payload, output& out)
{
    auto const& settings = handshake_->settings;
    auto challenged = take_challenge(env_, settings, handshake_->ephemeral, payload);
    if (!challenged)
        return challenged.error();
    auto const answer = make_hello_ack(env_, settings, *challenged);
    handshake_->challenged = std::move(*challenged);
    wire_buffer frame;
    write({profile_of(settings).version, settings.release.hello_ack_sequence}, answer, frame);
    flight_.begin(env_.blocks, now, frame, out.wire);
    return {};
}

result<> usmp_datagram_device::begin_session(bytes payload)
{
    auto const& settings = handshake_->settings;
    auto& challenged = *handshake_->challenged;
    auto const id = take_session_ok(env_, settings, challenged, payload);
    if (!id)
        return id.error();
    live_.emplace(settings.release, settings.cipher, std::move(challenged.keys), *id);
    handshake_.reset();
    return {};
}

}  // namespace gatehouse::device
