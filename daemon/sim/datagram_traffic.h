// Between the devices of a run over UDP and the gateway: a rough path, and what carries the
// datagrams.
#pragma once

#include "carrier.h"
#include "rough_path.h"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace gatehouse::sim {

struct run_environment;

class datagram_traffic final : public datagram_hearer {
public:
    // Where the datagrams for a device go.
    using delivery = std::function<void(std::uint32_t device, mutable_bytes datagram)>;

    // `run` outlives the traffic.
    datagram_traffic(boost::asio::io_context& context, run_environment& run, delivery deliver);

    failure open(std::uint32_t device) { return carrier_->open(device); }
    failure rebind(std::uint32_t device) { return carrier_->rebind(device); }
    void send(std::uint32_t device, bytes datagram);

    // Lets pass what was held back, and sends what was collected.
    void tick();
    void stop() noexcept { carrier_->stop(); }

private:
    void hear(std::uint32_t device, mutable_bytes datagram) override;
    void heard_all() override { carrier_->flush(); }

    run_environment& run_;
    delivery deliver_;
    rough_path path_;
    std::unique_ptr<carrier> carrier_;
};

}  // namespace gatehouse::sim
