#include "datagram_traffic.h"

#include "own_lines.h"
#include "run_environment.h"
#include "shared_ports.h"

#include <utility>

namespace gatehouse::sim {

namespace {

std::unique_ptr<carrier> make_carrier(
    boost::asio::io_context& context, run_environment& run, datagram_hearer& hearer
)
{
    auto const& gateway = run.device.gateway;
    if (run.device.count == device_count::many && shared_ports::reach(gateway))
        return std::make_unique<shared_ports>(context, gateway, run.devices, hearer);
    return std::make_unique<own_lines>(run, hearer);
}

}  // namespace

datagram_traffic::datagram_traffic(
    boost::asio::io_context& context, run_environment& run, delivery deliver
)
    : run_{run}
    , deliver_{std::move(deliver)}
    , path_{run.device.path}
    , carrier_{make_carrier(context, run, *this)}
{
}

void datagram_traffic::send(std::uint32_t device, bytes datagram)
{
    if (path_.pass(run_.now, {device, rough_path::way::up}, datagram))
        carrier_->send(device, datagram);
}

void datagram_traffic::hear(std::uint32_t device, mutable_bytes datagram)
{
    run_.wake();
    if (path_.pass(run_.now, {device, rough_path::way::down}, datagram))
        deliver_(device, datagram);
}

void datagram_traffic::tick()
{
    while (auto delayed = path_.take_due(run_.now)) {
        if (delayed->who.where == rough_path::way::up)
            carrier_->send(delayed->who.device, delayed->datagram);
        else
            deliver_(delayed->who.device, delayed->datagram);
    }
    carrier_->flush();
}

}  // namespace gatehouse::sim
