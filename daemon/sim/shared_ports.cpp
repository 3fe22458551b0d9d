#include "shared_ports.h"

#include "spawn.h"
#include "wire/reader.h"
#include "wire/writer.h"

#include <boost/system/system_error.hpp>

#include <array>
#include <utility>

#include <netinet/in.h>

namespace gatehouse::sim {

namespace {

constexpr std::size_t batches_a_turn = 4;
constexpr socket_buffers buffers{
    .receive = std::size_t{8} << 20,
    .send = std::size_t{4} << 20,
};

constexpr std::uint32_t first_address = 0x7f010000;  // 127.1.0.0
constexpr std::size_t v4_at = 12;                    // behind ::ffff:

using raw_v4 = std::array<std::uint8_t, 4>;

local_address address_of(std::uint32_t device) noexcept
{
    raw_v4 raw{};
    wire::writer{raw}.big(first_address + device);
    return {.ip = peer_address::v4(raw, 0).ip};
}

std::uint32_t device_at(local_address const& at) noexcept
{
    return wire::reader{bytes{at.ip}.subspan(v4_at)}.big<std::uint32_t>() - first_address;
}

}  // namespace

task listen(shared_ports* all, std::size_t port)
{
    auto& socket = all->ports_[port]->socket;
    while (!all->stopped_) {
        auto const [broken] = co_await socket.async_wait(udp_socket::wait_read, awaiting);
        if (!broken)
            all->read(port);
    }
}

bool shared_ports::reach(boost::asio::ip::tcp::endpoint const& gateway) noexcept
{
    return gateway.address().is_v4() && gateway.address().is_loopback();
}

shared_ports::shared_ports(
    boost::asio::io_context& context,
    boost::asio::ip::tcp::endpoint const& gateway,
    std::uint32_t devices,
    datagram_hearer& hearer
)
    : hearer_{hearer}
    , gateway_{peer_address::v4(gateway.address().to_v4().to_bytes(), gateway.port())}
    , port_of_(devices)
{
    boost::asio::ip::udp::endpoint const anywhere{boost::asio::ip::udp::v4(), 0};
    for (std::size_t i = 0; i < most; ++i) {
        auto bound = bind_datagrams(context, anywhere, port_sharing::none, buffers);
        if (bound.failure)
            throw boost::system::system_error{bound.failure, "cannot open a UDP socket"};
        auto const handle = bound.socket.native_handle();
        ports_.push_back(std::make_unique<open_port>(open_port{
            std::move(bound.socket), datagram_batch{handle, AF_INET}}));
        spawn(context.get_executor(), listen(this, i));
    }
    for (std::uint32_t device = 0; device < devices; ++device)
        port_of_[device] = static_cast<std::uint8_t>(device % most);
}

failure shared_ports::rebind(std::uint32_t device)
{
    auto& port = port_of_[device];
    port = static_cast<std::uint8_t>((port + 1U) % most);
    return {};
}

void shared_ports::send(std::uint32_t device, bytes datagram)
{
    ports_[port_of_[device]]->out.add(datagram, gateway_, address_of(device));
}

void shared_ports::flush()
{
    for (auto const& each : ports_)
        if (!each->out.empty())
            each->out.flush();
}

void shared_ports::read(std::size_t port)
{
    auto const handle = ports_[port]->socket.native_handle();
    for (std::size_t n = 0; n < batches_a_turn; ++n) {
        auto const got = reader_.read(handle);
        for (std::size_t i = 0; i < got; ++i)
            take(port, reader_.at(i));
        if (got == 0)
            break;
    }
    hearer_.heard_all();
}

void shared_ports::take(std::size_t port, arrived_datagram const& arrived)
{
    auto const device = device_at(arrived.at);
    if (arrived.from == gateway_ && device < port_of_.size() && port_of_[device] == port)
        hearer_.hear(device, arrived.data);
}

void shared_ports::stop() noexcept
{
    stopped_ = true;
    boost::system::error_code ignored;
    for (auto const& each : ports_)
        each->socket.close(ignored);
}

}  // namespace gatehouse::sim
