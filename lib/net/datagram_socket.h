// A bound UDP socket, and reading from it in batches.
#pragma once

#include "gateway/arrived_datagram.h"
#include "net/limits.h"
#include "net/port_sharing.h"
#include "net/task.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sys/socket.h>

namespace gatehouse {

struct socket_buffers {
    std::size_t receive = 0;  // bytes
    std::size_t send = 0;
};

struct bound_datagram_socket {
    udp_socket socket;
    boost::system::error_code failure;
    socket_buffers granted;  // which may be less than what was asked for
};

// Returns what was granted.
socket_buffers set_buffers(int socket, socket_buffers wanted);

// Opens and binds. The wildcard IPv6 address also takes IPv4. The kernel tells of each datagram at
// which address it arrived, and how many had to be dropped.
bound_datagram_socket bind_datagrams(
    boost::asio::io_context& context,
    boost::asio::ip::udp::endpoint const& at,
    port_sharing sharing,
    socket_buffers wanted
);

// One system call for many datagrams, into memory that is taken once.
class datagram_reader {
public:
    datagram_reader();

    // How many were read; 0 when there is none.
    std::size_t read(int socket);

    // One of those, until the next call. Empty data for one that was longer than any protocol's.
    arrived_datagram at(std::size_t index);

    // Datagrams that the kernel had no room for since the last call.
    std::uint64_t take_overflow() noexcept;

private:
    struct slot {
        ::sockaddr_storage from;
        ::iovec data;
        std::array<std::uint8_t, net_limits::largest_datagram> bytes;
        alignas(::cmsghdr) std::array<std::uint8_t, 128> control;
    };
    std::vector<slot> slots_;
    std::array<::mmsghdr, net_limits::datagrams_a_read> headers_{};
    std::uint32_t dropped_seen_ = 0;
    std::uint64_t overflow_ = 0;
};

}  // namespace gatehouse
