// Between the kernel's socket addresses and packet information and our values, for IPv4 and IPv6.
#pragma once

#include "gateway/arrived_datagram.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <sys/socket.h>

namespace gatehouse {

// Returns the size of the address. `interface` matters to link-local addresses only.
::socklen_t
write_socket_address(::sockaddr_storage& into, int family, peer_address const& to, std::uint32_t interface);

peer_address read_socket_address(::sockaddr_storage const& from);

// The control message that makes a datagram leave from `source`; returns its size, 0 for an
// unspecified source.
std::size_t write_source(std::span<std::uint8_t> control, int family, local_address const& source);

// What the kernel tells beside a datagram.
struct packet_info {
    local_address at;
    std::optional<std::uint32_t> dropped;  // datagrams for which there was no room, so far
};
packet_info read_packet_info(::msghdr& message);

}  // namespace gatehouse
