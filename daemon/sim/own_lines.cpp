#include "own_lines.h"

#include "spawn.h"
#include "toolbox.h"

namespace gatehouse::sim {

// A wait that ends with an error was that of a socket which another has replaced.
task listen(own_lines* all, std::uint32_t device)
{
    auto& line = *all->lines_[device];
    while (!all->stopped_) {
        auto const [broken] = co_await line.socket().async_wait(udp_socket::wait_read, awaiting);
        if (!broken)
            all->read(device);
        else if (!line.socket().is_open())
            break;
    }
}

own_lines::own_lines(
    environment const& around, boost::asio::ip::tcp::endpoint const& gateway, std::uint32_t devices
)
    : around_{around}
    , gateway_{gateway}
    , lines_(devices)
{
}

failure own_lines::open(std::uint32_t device)
{
    auto& line = lines_[device];
    bool const is_heard = line && line->socket().is_open();
    if (!line)
        line = std::make_unique<udp_line>(around_.where);
    auto const wrong = line->open(gateway_);
    if (!wrong && !is_heard)
        spawn(around_.where, listen(this, device));
    return wrong;
}

failure own_lines::rebind(std::uint32_t device)
{
    return open(device);
}

void own_lines::send(std::uint32_t device, bytes datagram)
{
    lines_[device]->send(datagram);
}

void own_lines::read(std::uint32_t device)
{
    mutable_bytes const buffer{around_.tools.read_buffer};
    if (auto const size = lines_[device]->receive(buffer))
        around_.hearer.hear(device, buffer.first(*size));
    around_.hearer.heard_all();
}

void own_lines::stop() noexcept
{
    stopped_ = true;
    for (auto const& line : lines_)
        if (line)
            line->close();
}

}  // namespace gatehouse::sim
