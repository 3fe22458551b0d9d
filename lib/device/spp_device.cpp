#include "device/spp_device.h"

#include "protocol/spp/hello.h"
#include "protocol/spp/key_schedule.h"

#include <utility>

namespace gatehouse::device {

void spp_device::say_hello(crypto::x25519_public const& ephemeral, output& out)
{
    spp::hello const message{
        env_.crypto.ed25519.sign(*settings_.key, settings_.own, ephemeral), ephemeral};
    write(message, out.wire);
}

void spp_device::start(output& out)
{
    awaiting_hello state{crypto::make_x25519_key_pair(env_.random)};
    if (settings_.first == first_speaker::device) {
        say_hello(state.ephemeral.public_key, out);
        state.spoke = true;
    }
    state_ = std::move(state);
}

result<std::size_t> spp_device::receive(time_point, mutable_bytes in, output& out)
{
    std::size_t consumed = 0;
    while (consumed < in.size()) {
        auto const rest = in.subspan(consumed);
        result<std::size_t> taken = std::size_t{0};
        if (auto* waiting = std::get_if<awaiting_hello>(&state_))
            taken = take_hello(*waiting, rest, out);
        else if (auto* live = std::get_if<talking>(&state_))
            taken = take_record(*live, rest, out);
        else
            taken = rest.size();  // said goodbye: it listens no more
        if (!taken)
            return taken;
        if (*taken == 0)
            break;
        consumed += *taken;
    }
    return consumed;
}

result<std::size_t> spp_device::take_hello(awaiting_hello& state, bytes in, output& out)
{
    if (in.size() < spp::hello::size)
        return std::size_t{0};
    auto const message = spp::hello::parse(in.first(spp::hello::size));
    if (!message)
        return message.error();
    auto const& own = state.ephemeral;
    if (message->ephemeral == own.public_key)
        return error::unproven_own_key;
    if (!env_.crypto.ed25519.verify(settings_.gateway, message->ephemeral, message->signature))
        return error::unproven_key;
    auto const shared = crypto::x25519_agree(own.private_key, own.public_key, message->ephemeral);
    if (!shared)
        return shared.error();
    if (!state.spoke)
        say_hello(own.public_key, out);
    state_ = talking{
        .key = derive_key(env_.crypto, settings_.how, *shared),
        .prefix = spp::draw_prefix(env_.random),
    };
    return spp::hello::size;
}

result<std::size_t> spp_device::take_record(talking& state, mutable_bytes in, output& out)
{
    if (in.size() < spp::length_size)
        return std::size_t{0};
    auto const size = spp::record_size(
        in,
        {spp::shortest_record(settings_.how),
         spp::record_length(settings_.how, settings_.message_limit)}
    );
    if (!size)
        return size.error();
    if (in.size() < *size)
        return std::size_t{0};
    auto const record = in.first(*size);
    if (spp::carries(state.prefix, record))
        return error::unproven_reflection;
    auto const text = spp::open_record(env_.crypto.chacha, state.key, record);
    if (!text)
        return text.error();
    auto const payload = spp::judge_sequence(settings_.how, *text, state.received + 1);
    if (!payload)
        return payload.error();
    ++state.received;
    out.up.push_back(*payload);
    return *size;
}

result<> spp_device::send(bytes message, output& out)
{
    auto* live = std::get_if<talking>(&state_);
    if (live == nullptr)
        return error::internal_closed;
    if (message.size() > settings_.message_limit)
        return error::limit_message_size;
    ++live->sent;
    spp::seal_record(
        {env_.crypto.chacha, live->key, settings_.how, live->prefix, live->sent}, message, out.wire
    );
    return {};
}

result<> spp_device::ping(output&)
{
    return established() ? error::malformed_type : error::internal_closed;
}

result<> spp_device::rekey(output&)
{
    return established() ? error::malformed_type : error::internal_closed;
}

result<> spp_device::bye(output&)
{
    if (!established())
        return error::internal_closed;
    state_ = gone{};
    return {};
}

std::string_view spp_device::awaits() const noexcept
{
    if (std::holds_alternative<awaiting_hello>(state_))
        return "hello";
    return established() ? "a message" : "nothing";
}

}  // namespace gatehouse::device
