#include "device/usmp_datagram_device.h"

#include "base/assert.h"
#include "protocol/usmp/frame.h"

#include <algorithm>
#include <utility>

namespace gatehouse::device {

using usmp::frame_type;

namespace {

// A whole frame of this version, or nothing.
std::optional<usmp::frame_header> whole_frame(bytes datagram, std::uint8_t version) noexcept
{
    if (datagram.size() < usmp::header_size)
        return std::nullopt;
    auto const header = usmp::parse_header(datagram);
    if (!header || header->frame_size() != datagram.size() || header->version != version)
        return std::nullopt;
    if (!usmp::checksum_matches(*header, datagram))
        return std::nullopt;
    return *header;
}

// Releases before 0.6 look at the first seven bytes only.
std::optional<usmp::transport_ack> parse_ack(bytes datagram, usmp::profile const& how) noexcept
{
    if (!usmp::acks_are_proven(how))
        datagram = datagram.first(std::min(datagram.size(), usmp::ack_size));
    return usmp::transport_ack::parse(datagram);
}

}  // namespace

usmp_datagram_device::usmp_datagram_device(
    usmp_environment& env, usmp_settings const& settings, usmp_datagram_habits const& habits
)
    : env_{env}
    , handshake_{new handshake{.settings = settings, .ephemeral = {}}}
    , flight_{habits.pace}
    , taking_{habits.frames}
{
    GATEHOUSE_ASSERT(settings.release.over_udp);
    GATEHOUSE_ASSERT(
        taking_ != usmp_datagram_habits::taking::queued ||
        !usmp::acks_are_proven(*settings.release.how)
    );
}

result<> usmp_datagram_device::receive(time_point now, mutable_bytes datagram, output& out)
{
    if (over() || !started_)
        return {};
    auto const& how = live_ ? *live_->uplink().release().how : *handshake_->settings.release.how;
    if (auto const ack = parse_ack(datagram, how))
        return take_ack(now, *ack, out);
    auto const header = whole_frame(datagram, how.version);
    if (!header)
        return {};
    if (!usmp::is_session_type(header->type))
        return take_handshake(now, *header, datagram, out);
    if (!live_)
        return {};
    if (taking_ == usmp_datagram_habits::taking::queued) {
        queue(*header, datagram, out);
        return {};
    }
    // While a frame is out its keys must not change.
    bool const waits = busy() && header->type == frame_type::rekey;
    if (waits || taking_ == usmp_datagram_habits::taking::when_collected) {
        keep(datagram);
        return {};
    }
    if (auto const taken = take_session_frame(now, *header, datagram, out); !taken)
        return taken;
    return go_on(now, out);
}

result<> usmp_datagram_device::take_ack(time_point now, usmp::transport_ack const& ack, output& out)
{
    if (!busy() || ack.what != flight_.current())
        return {};
    if (usmp::is_session_type(ack.what.type) && !live_->proves(env_, ack))
        return {};
    flight_.acknowledged(now, out.wire);
    if (busy())
        return {};
    arrived(ack.what.type);
    return go_on(now, out);
}

// The last frame of what was on its way has arrived.
void usmp_datagram_device::arrived(frame_type type) noexcept
{
    if (type == frame_type::data) {
        fate_ = message_fate::delivered;
        ++delivered_;
    } else if (type == frame_type::rekey) {
        live_->rekey_arrived();
    } else if (type == frame_type::bye) {
        end(ending::left);
    }
}

bool usmp_datagram_device::takes_at_once() const noexcept
{
    return taking_ != usmp_datagram_habits::taking::when_collected;
}

result<> usmp_datagram_device::take_session_frame(
    time_point now, usmp::frame_header const& header, mutable_bytes frame, output& out
)
{
    auto const taken = live_->receive(env_, now, header, frame, out);
    if (live_->goodbye())
        end(ending::dismissed);
    return taken;
}

void usmp_datagram_device::keep(bytes frame)
{
    if (kept_)
        return;
    kept_ = env_.blocks.take();
    bool const fits = kept_.append(frame);
    GATEHOUSE_ASSERT(fits);
}

// Acknowledged before anybody has looked into it.
void usmp_datagram_device::queue(usmp::frame_header const& header, bytes frame, output& out)
{
    constexpr std::size_t most_queued = 64;
    usmp::write_ack({header.type, header.sequence}, out.wire);
    if (header.sequence < live_->next() || queued_.size() == most_queued)
        return;
    queued_.push_back(env_.blocks.take());
    bool const fits = queued_.back().append(frame);
    GATEHOUSE_ASSERT(fits);
}

result<> usmp_datagram_device::take_queued(time_point now, output& out)
{
    auto kept = std::move(queued_.front());
    queued_.pop_front();
    auto const frame = kept.contents();
    auto const taken = live_->take_next(env_, now, *usmp::parse_header(frame), frame, out);
    if (live_->goodbye())
        end(ending::dismissed);
    out.hold(std::move(kept));
    return taken;
}

result<> usmp_datagram_device::take_kept(time_point now, output& out)
{
    auto kept = std::move(kept_);
    auto const frame = kept.contents();
    auto const header = *usmp::parse_header(frame);
    result<> taken;
    if (usmp::is_session_type(header.type)) {
        taken = take_session_frame(now, header, frame, out);
    } else if (is_next(header.type)) {
        if (!takes_at_once())
            usmp::write_ack({header.type, header.sequence}, out.wire);
        taken = execute(now, header.type, frame.subspan(usmp::header_size), out);
    }
    out.hold(std::move(kept));
    return taken;
}

// What is to be done as soon as nothing is on its way: what was kept, then what is owed.
result<> usmp_datagram_device::go_on(time_point now, output& out)
{
    while (!busy() && kept_ && !over() && (!live_ || takes_at_once()))
        if (auto const taken = take_kept(now, out); !taken)
            return taken;
    if (busy() || over() || !live_)
        return {};
    if (live_->take_owed_pong())
        return send_control(now, frame_type::pong, out);
    if (bye_owed_)
        return send_control(now, frame_type::bye, out);
    return {};
}

result<> usmp_datagram_device::collect(time_point now, output& out)
{
    if (busy() || over() || !live_ || !has_kept())
        return {};
    auto const taken = kept_ ? take_kept(now, out) : take_queued(now, out);
    if (!taken)
        return taken;
    return go_on(now, out);
}

void usmp_datagram_device::on_deadline(time_point now, output& out)
{
    if (!busy())
        return;
    auto const type = flight_.current().type;
    if (!flight_.on_deadline(now, out.wire))
        end(type == frame_type::bye ? ending::left : ending::gave_up);
}

result<> usmp_datagram_device::send(time_point now, bytes message, output& out)
{
    if (!established() || bye_owed_)
        return error::internal_closed;
    GATEHOUSE_ASSERT(!busy());
    wire_buffer frames;
    if (auto const sealed = live_->uplink().send(env_, message, frames); !sealed)
        return sealed;
    flight_.begin(env_.blocks, now, frames, out.wire);
    fate_ = message_fate::under_way;
    return {};
}

result<> usmp_datagram_device::send_control(time_point now, frame_type type, output& out)
{
    wire_buffer frame;
    if (auto const sealed = live_->uplink().send_control(env_, type, frame); !sealed)
        return sealed;
    flight_.begin(env_.blocks, now, frame, out.wire);
    return {};
}

result<> usmp_datagram_device::ping(time_point now, output& out)
{
    if (!established() || bye_owed_)
        return error::internal_closed;
    GATEHOUSE_ASSERT(!busy());
    return send_control(now, frame_type::ping, out);
}

result<> usmp_datagram_device::rekey(time_point now, output& out)
{
    if (!established() || bye_owed_)
        return error::internal_closed;
    GATEHOUSE_ASSERT(!busy());
    wire_buffer frame;
    if (auto const sealed = live_->start_rekey(env_, frame); !sealed)
        return sealed;
    flight_.begin(env_.blocks, now, frame, out.wire);
    return {};
}

result<> usmp_datagram_device::bye(time_point now, output& out)
{
    if (!established() || bye_owed_)
        return error::internal_closed;
    bye_owed_ = true;
    return busy() ? result<>{} : send_control(now, frame_type::bye, out);
}

void usmp_datagram_device::end(ending how) noexcept
{
    ending_ = how;
    flight_.drop();
    kept_.release();
    queued_.clear();
    if (fate_ == message_fate::under_way)
        fate_ = message_fate::given_up;
}

std::string_view usmp_datagram_device::awaits() const noexcept
{
    if (!started_ || (over() && live_))
        return "nothing";
    if (live_)
        return "a message";
    bool const unheard = busy() || gave_up();
    if (!handshake_->challenged)
        return unheard ? "the acknowledgement of HELLO" : "CHALLENGE";
    return unheard ? "the acknowledgement of HELLO_ACK" : "SESSION_OK";
}

}  // namespace gatehouse::device
