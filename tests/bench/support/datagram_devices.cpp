#include "bench/support/datagram_devices.h"

#include "bench/support/gateway.h"

#include <utility>

#include <sys/socket.h>

namespace gatehouse::bench {

namespace {

// Nothing is ever lost on loopback, so no device has to look at a clock.
constexpr time_point any_time{};

usmp::device_bytes number_as_id(std::uint32_t number)
{
    return {
        2,
        0,
        0,
        static_cast<std::uint8_t>(number >> 16),
        static_cast<std::uint8_t>(number >> 8),
        static_cast<std::uint8_t>(number),
    };
}

}  // namespace

datagram_devices::datagram_devices(std::uint16_t port, crypto::aead_algorithm cipher)
    : port_{port}
    , cipher_{cipher}
{
}

datagram_devices::line::line(
    std::uint16_t port, device::usmp_environment& env, device::usmp_settings const& settings
)
    : socket{connect_udp(port)}
    , machine{env, settings, device::usual_habits(settings.release)}
{
}

device::usmp_settings datagram_devices::next_settings()
{
    device::usmp_settings settings;
    settings.id = number_as_id(next_device_++);
    settings.psk = as_bytes(device_psk);
    settings.cipher = cipher_;
    return settings;
}

void datagram_devices::enter(std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        handshake(lines_.emplace_back(port_, env_, next_settings()));
}

void datagram_devices::enter_and_fall_silent(std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        line one{port_, env_, next_settings()};
        handshake(one);
        if (!one.machine.send(any_time, as_bytes("here I am"), out_))
            give_up("a device could not send");
        send(one);
        while (one.machine.busy())
            receive(one);
    }
}

void datagram_devices::handshake(line& one)
{
    one.machine.start(any_time, out_);
    send(one);
    while (!one.machine.established() || one.machine.busy())
        receive(one);
}

void datagram_devices::send(line& one)
{
    for (std::size_t i = 0; i < out_.wire.frames(); ++i) {
        auto const datagram = out_.wire.frame_at(i);
        send_all(one.socket, datagram);
        last_sent_.assign(datagram.begin(), datagram.end());
    }
    out_.clear();
}

std::size_t datagram_devices::receive(line& one)
{
    auto const got = ::recv(one.socket.get(), received_.data(), received_.size(), 0);
    if (got <= 0)
        give_up("a device heard nothing");
    auto const datagram = mutable_bytes{received_}.first(static_cast<std::size_t>(got));
    if (!one.machine.receive(any_time, datagram, out_))
        give_up("a device met an error");
    auto const messages = out_.up.size();
    send(one);
    return messages;
}

void datagram_devices::say(bytes message)
{
    for (auto& one : lines_) {
        if (!one.machine.send(any_time, message, out_))
            give_up("a device could not send");
        send(one);
    }
    for (auto& one : lines_)
        while (one.machine.busy())
            receive(one);
}

void datagram_devices::echo(bytes message)
{
    for (auto& one : lines_) {
        if (!one.machine.send(any_time, message, out_))
            give_up("a device could not send");
        send(one);
    }
    for (auto& one : lines_)
        for (std::size_t echoes = 0; one.machine.busy() || echoes == 0;)
            echoes += receive(one);
}

void datagram_devices::ping()
{
    for (auto& one : lines_) {
        auto const before = one.machine.channel()->pongs();
        if (!one.machine.ping(any_time, out_))
            give_up("a device could not ping");
        send(one);
        while (one.machine.busy() || one.machine.channel()->pongs() == before)
            receive(one);
    }
}

}  // namespace gatehouse::bench
