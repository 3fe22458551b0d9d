// Names for the connections whose handshakes are open. Nobody looks into a connection here, so
// there is none: its number is all of it.
#pragma once

#include "net/open_handshakes.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse::test {

inline constexpr int nobody = -1;

inline std::array<std::byte, 65'536>& owners()
{
    static std::array<std::byte, 65'536> all{};
    return all;
}

inline datagram_connection* owner(int number)
{
    void* const place = &owners().at(static_cast<std::size_t>(number));
    return static_cast<datagram_connection*>(place);
}

inline int number_of(datagram_connection const* one)
{
    if (one == nullptr)
        return nobody;
    void const* const place = one;
    return static_cast<int>(static_cast<std::byte const*>(place) - owners().data());
}

inline peer_address host(std::uint8_t last, std::uint16_t port = 1)
{
    return peer_address::v4({192, 0, 2, last}, port);
}

inline source_prefix source(std::uint8_t last)
{
    return source_of(host(last));
}

}  // namespace gatehouse::test
