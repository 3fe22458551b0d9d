#include "device/usmp_device.h"

#include "base/assert.h"
#include "protocol/usmp/messages.h"

#include <utility>

namespace gatehouse::device {

using usmp::frame_type;

usmp_device::usmp_device(usmp_environment& env, usmp_settings const& settings)
    : env_{env}
    , settings_{settings}
{
}

void usmp_device::start(output& out)
{
    GATEHOUSE_ASSERT(std::holds_alternative<fresh>(state_));
    auto ephemeral = crypto::make_x25519_key_pair(env_.random);
    usmp::handshake_frame const frame{settings_.release.how->version, 0};
    write(frame, usmp::hello{settings_.id, ephemeral.public_key}, out.wire);
    state_ = awaiting_challenge{std::move(ephemeral)};
}

result<std::size_t> usmp_device::receive(time_point now, mutable_bytes in, output& out)
{
    std::size_t consumed = 0;
    while (consumed < in.size() && !dismissed()) {
        auto const rest = in.subspan(consumed);
        if (!usmp::starts_like_a_frame(rest))
            return error::malformed_magic;
        if (rest.size() < usmp::header_size)
            break;
        auto const header = usmp::parse_header(rest);
        if (!header)
            return header.error();
        if (rest.size() < header->frame_size())
            break;
        if (auto const taken = take(now, *header, rest.first(header->frame_size()), out); !taken)
            return taken.error();
        consumed += header->frame_size();
    }
    return consumed;
}

result<> usmp_device::take(
    time_point now, usmp::frame_header const& header, mutable_bytes frame, output& out
)
{
    if (header.version != settings_.release.how->version)
        return error::incompatible_version;
    if (!usmp::checksum_matches(header, frame))
        return error::malformed_checksum;
    auto const payload = frame.subspan(usmp::header_size);
    if (auto* live = std::get_if<usmp_channel>(&state_))
        return live->receive(env_, now, header, frame, out);
    if (auto* waiting = std::get_if<awaiting_challenge>(&state_))
        return on_challenge(header, payload, *waiting, out);
    if (auto* waiting = std::get_if<awaiting_session_ok>(&state_))
        return on_session_ok(header, payload, *waiting);
    // Behind the device's own BYE whatever was on its way is of no interest.
    if (std::holds_alternative<gone>(state_))
        return {};
    return error::malformed_type;
}

result<> usmp_device::on_challenge(
    usmp::frame_header const& header, bytes payload, awaiting_challenge& state, output& out
)
{
    if (header.type != frame_type::challenge)
        return error::malformed_type;
    auto challenged = take_challenge(env_, settings_, state.ephemeral, payload);
    if (!challenged)
        return challenged.error();
    auto const answer = make_hello_ack(env_, settings_, *challenged);
    write({settings_.release.how->version, settings_.release.hello_ack_sequence}, answer, out.wire);
    state_ = awaiting_session_ok{std::move(*challenged)};
    return {};
}

result<> usmp_device::on_session_ok(
    usmp::frame_header const& header, bytes payload, awaiting_session_ok& state
)
{
    if (header.type != frame_type::session_ok)
        return error::malformed_type;
    auto const id = take_session_ok(env_, settings_, state.challenged, payload);
    if (!id)
        return id.error();
    auto keys = std::move(state.challenged.keys);
    state_.emplace<usmp_channel>(settings_.release, settings_.cipher, std::move(keys), *id);
    return {};
}

result<> usmp_device::send(bytes message, output& out)
{
    auto* live = std::get_if<usmp_channel>(&state_);
    if (live == nullptr)
        return error::internal_closed;
    return live->send(env_, message, out);
}

result<> usmp_device::ping(output& out)
{
    auto* live = std::get_if<usmp_channel>(&state_);
    if (live == nullptr)
        return error::internal_closed;
    return live->send_control(env_, frame_type::ping, out);
}

result<> usmp_device::bye(output& out)
{
    auto* live = std::get_if<usmp_channel>(&state_);
    if (live == nullptr)
        return error::internal_closed;
    auto const said = live->send_control(env_, frame_type::bye, out);
    state_.emplace<gone>();
    return said;
}

result<> usmp_device::rekey(output& out)
{
    auto* live = std::get_if<usmp_channel>(&state_);
    if (live == nullptr)
        return error::internal_closed;
    return live->rekey(env_, out);
}

std::string_view usmp_device::awaits() const noexcept
{
    if (std::holds_alternative<awaiting_challenge>(state_))
        return "CHALLENGE";
    if (std::holds_alternative<awaiting_session_ok>(state_))
        return "SESSION_OK";
    return std::holds_alternative<usmp_channel>(state_) ? "a message" : "nothing";
}

}  // namespace gatehouse::device
