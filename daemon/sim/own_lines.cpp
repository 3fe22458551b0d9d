#include "own_lines.h"

#include "run_environment.h"
#include "spawn.h"

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

own_lines::own_lines(run_environment& run, datagram_hearer& hearer)
    : run_{run}
    , hearer_{hearer}
    , lines_(run.devices)
{
}

failure own_lines::open(std::uint32_t device)
{
    auto& line = lines_[device];
    bool const is_heard = line && line->socket().is_open();
    if (!line)
        line = std::make_unique<udp_line>(run_.where);
    auto const wrong = line->open(run_.device.gateway);
    if (!wrong && !is_heard)
        spawn(run_.where, listen(this, device));
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
    mutable_bytes const buffer{run_.read_buffer};
    if (auto const size = lines_[device]->receive(buffer))
        hearer_.hear(device, buffer.first(*size));
    hearer_.heard_all();
}

void own_lines::stop() noexcept
{
    stopped_ = true;
    for (auto const& line : lines_)
        if (line)
            line->close();
}

}  // namespace gatehouse::sim
