// A few UDP sockets for all devices of a load run, towards a gateway on the loopback interface.
//
// All of 127.0.0.0/8 is this machine: each device has an address of its own there, 127.1.0.0 and
// up, which its datagrams leave from and replies are told apart by. So a million devices need no
// socket of their own.
#pragma once

#include "base/address.h"
#include "carrier.h"
#include "net/datagram_batch.h"
#include "net/datagram_socket.h"
#include "net/task.h"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace gatehouse::sim {

class shared_ports final : public carrier {
public:
    static constexpr std::uint32_t most = 8;  // sockets

    // Can this gateway be spoken to like that?
    static bool reach(boost::asio::ip::tcp::endpoint const& gateway) noexcept;

    // `hearer` outlives the ports. Throws what the system refuses.
    shared_ports(
        boost::asio::io_context& context,
        boost::asio::ip::tcp::endpoint const& gateway,
        std::uint32_t devices,
        datagram_hearer& hearer
    );

    failure open(std::uint32_t device) override { return rebind(device); }
    failure rebind(std::uint32_t device) override;
    void send(std::uint32_t device, bytes datagram) override;
    void flush() override;
    void stop() noexcept override;

private:
    struct open_port {
        udp_socket socket;
        datagram_batch out;
    };

    friend task listen(shared_ports* all, std::size_t port);
    void read(std::size_t port);
    void take(std::size_t port, arrived_datagram const& arrived);

    datagram_hearer& hearer_;
    peer_address gateway_;
    std::vector<std::unique_ptr<open_port>> ports_;
    std::vector<std::uint8_t> port_of_;  // by device
    datagram_reader reader_;
    bool stopped_ = false;
};

}  // namespace gatehouse::sim
