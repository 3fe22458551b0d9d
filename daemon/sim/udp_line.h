// One device's own UDP socket, connected to the gateway.
#pragma once

#include "base/bytes.h"
#include "failure.h"
#include "net/task.h"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <optional>

namespace gatehouse::sim {

class udp_line {
public:
    explicit udp_line(executor const& where) : socket_{where} {}

    // From a new port; closes the one before, whose pending wait ends with an error.
    failure open(boost::asio::ip::tcp::endpoint const& gateway);

    // What the kernel refuses is lost, as any datagram may be.
    void send(bytes datagram) noexcept;

    // The size of one datagram, or nothing when none is there.
    std::optional<std::size_t> receive(mutable_bytes into) noexcept;

    udp_socket& socket() noexcept { return socket_; }
    void close() noexcept;

private:
    udp_socket socket_;
};

}  // namespace gatehouse::sim
