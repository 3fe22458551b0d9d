// The address of a peer as a value: 16 bytes of IPv6 (IPv4 mapped) and a port. No sockets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace gatehouse {

struct peer_address {
    std::array<std::uint8_t, 16> ip{};  // network order; IPv4 as ::ffff:a.b.c.d
    std::uint16_t port = 0;             // host order

    static peer_address v4(std::array<std::uint8_t, 4> const& ip, std::uint16_t port) noexcept;

    bool is_v4() const noexcept;
    bool operator==(peer_address const&) const noexcept = default;
};

// What counts as one source: an IPv4 address, or a /64 network of IPv6, of which a device may use
// any.
using source_prefix = std::array<std::uint8_t, 16>;
source_prefix source_of(peer_address const& peer) noexcept;

// The network of a source: IPv4 /24, IPv6 /56. Who has one address of it may have many.
source_prefix network_of(peer_address const& peer) noexcept;

// For boost::unordered containers.
std::size_t hash_value(peer_address const& address) noexcept;

// "192.0.2.7:53211" or "[2001:db8::7]:53211".
std::string to_string(peer_address const& address);

}  // namespace gatehouse
