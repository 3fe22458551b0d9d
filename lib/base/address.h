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

// "192.0.2.7:53211" or "[2001:db8::7]:53211".
std::string to_string(peer_address const& address);

}  // namespace gatehouse
