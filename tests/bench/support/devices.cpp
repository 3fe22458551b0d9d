#include "bench/support/devices.h"

#include "bench/support/gateway.h"

#include <algorithm>
#include <utility>

#include <sys/socket.h>

namespace gatehouse::bench {

namespace {

constexpr std::size_t read_size = 4096;

usmp::device_bytes number_as_id(std::size_t number)
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

devices::devices(std::uint16_t port, crypto::aead_algorithm cipher) : port_{port}, cipher_{cipher}
{
}

void devices::enter(std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        auto& made = lines_.emplace_back(connect_tcp(port_), make_machine());
        made.received.resize(read_size);
        handshake(made);
    }
}

void devices::speak_spp()
{
    spp_key_ = spp_device_key();
    spp_public_ = crypto::ed25519_public_of(*spp_key_);
    spp_gateway_ = crypto::ed25519_public_of(spp_gateway_key());
}

std::unique_ptr<device::stream_device> devices::make_machine()
{
    if (spp_key_) {
        device::spp_settings settings;
        settings.key = &*spp_key_;
        settings.own = spp_public_;
        settings.gateway = spp_gateway_;
        return std::make_unique<device::spp_device>(spp_env_, settings);
    }
    device::usmp_settings settings;
    settings.id = number_as_id(lines_.size());
    settings.psk = as_bytes(device_psk);
    settings.cipher = cipher_;
    return std::make_unique<device::usmp_device>(env_, settings);
}

void devices::leave()
{
    lines_.clear();
}

void devices::handshake(line& one)
{
    one.machine->start(one.out);
    send(one);
    while (!one.machine->established()) {
        receive(one);
        send(one);
    }
    if (spp_key_ && one.machine->send({}, one.out))
        send(one);
}

void devices::send(line& one)
{
    if (!one.out.wire.empty())
        send_all(one.socket, one.out.wire.all());
    one.out.clear();
}

void devices::receive(line& one)
{
    auto const room = mutable_bytes{one.received}.subspan(one.kept);
    auto const got = ::recv(one.socket.get(), room.data(), room.size(), 0);
    if (got <= 0)
        give_up("a device was hung up on");
    auto const all = mutable_bytes{one.received}.first(one.kept + static_cast<std::size_t>(got));
    auto const used = one.machine->receive(time_point{}, all, one.out);
    if (!used)
        give_up("a device met an error");
    auto const rest = all.subspan(*used);
    std::copy(rest.begin(), rest.end(), one.received.begin());
    one.kept = rest.size();
}

void devices::receive_echo(line& one, std::size_t size)
{
    while (one.out.up.empty())
        receive(one);
    if (one.out.up.size() != 1 || one.out.up.front().size() != size)
        give_up("an echo has the wrong size");
    one.out.clear();
}

void devices::echo(bytes message)
{
    for (auto& one : lines_)
        if (!one.machine->send(message, one.out))
            give_up("a device could not send");
    for (auto& one : lines_)
        send(one);
    for (auto& one : lines_)
        receive_echo(one, message.size());
}

void devices::ping()
{
    for (auto& one : lines_) {
        auto const before = one.machine->pongs();
        if (!one.machine->ping(one.out))
            give_up("a device could not ping");
        send(one);
        while (one.machine->pongs() == before)
            receive(one);
    }
}

}  // namespace gatehouse::bench
