#include "bench/support/devices.h"

#include "bench/support/gateway.h"
#include "protocol/array_crypto/v1_message.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <string>
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
    if (speaks_upss_)
        return std::make_unique<device::upss_device>(upss_env_, device::upss_settings{});
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

// Waits for the answer, which is short.
void devices::post(line& one)
{
    using namespace array_crypto::v1;
    std::array<std::uint8_t, 8> drawn{};
    random_.fill(drawn);
    std::array<std::uint8_t, header_size> message{};
    auto const now = static_cast<std::uint64_t>(::time(nullptr));
    auto const which = lines_.size() % array_crypto_devices;
    seal(array_crypto_seed(which), make_salt(now, drawn), {}, message);
    auto const head =
        "POST /" + std::to_string(which) +
        "/message HTTP/1.1\r\nHost: gateway\r\nContent-Length: " + std::to_string(message.size()) +
        "\r\n\r\n";
    send_all(one.socket, as_bytes(head));
    send_all(one.socket, message);
    auto const got = ::recv(one.socket.get(), one.received.data(), one.received.size(), 0);
    if (got <= 0 || !as_text(bytes{one.received}).starts_with("HTTP/1.1 204"))
        give_up("a message was refused");
}

void devices::handshake(line& one)
{
    if (speaks_http_) {
        post(one);
        return;
    }
    one.machine->start(one.out);
    send(one);
    while (!one.machine->established()) {
        receive(one);
        send(one);
    }
    bool const says_one = spp_key_ || speaks_upss_;
    if (says_one && one.machine->send({}, one.out))
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
    auto const space = mutable_bytes{one.received}.subspan(one.kept);
    auto const got = ::recv(one.socket.get(), space.data(), space.size(), 0);
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
