#include "base/address.h"

#include "base/bytes.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include <arpa/inet.h>

namespace gatehouse {

namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

peer_address peer_address::v4(std::array<std::uint8_t, 4> const& ip, std::uint16_t port) noexcept
{
    peer_address made;
    std::copy(v4_prefix.begin(), v4_prefix.end(), made.ip.begin());
    std::copy(ip.begin(), ip.end(), made.ip.begin() + v4_prefix.size());
    made.port = port;
    return made;
}

bool peer_address::is_v4() const noexcept
{
    return std::equal(v4_prefix.begin(), v4_prefix.end(), ip.begin());
}

source_prefix source_of(peer_address const& peer) noexcept
{
    auto from = peer.ip;
    if (!peer.is_v4())
        std::fill(from.begin() + 8, from.end(), std::uint8_t{0});
    return from;
}

source_prefix network_of(peer_address const& peer) noexcept
{
    auto from = peer.ip;
    std::fill(from.begin() + (peer.is_v4() ? 15 : 7), from.end(), std::uint8_t{0});
    return from;
}

std::size_t hash_value(peer_address const& address) noexcept
{
    return std::hash<std::string_view>{}(as_text(address.ip)) ^
           std::size_t{address.port} * 0x9e3779b97f4a7c15;
}

std::string to_string(peer_address const& address)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.is_v4()) {
        ::inet_ntop(AF_INET, address.ip.data() + v4_prefix.size(), text.data(), text.size());
        return std::string{text.data()} + ':' + std::to_string(address.port);
    }
    ::inet_ntop(AF_INET6, address.ip.data(), text.data(), text.size());
    return '[' + std::string{text.data()} + "]:" + std::to_string(address.port);
}

}  // namespace gatehouse
