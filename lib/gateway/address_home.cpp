#include "gateway/address_home.h"

#include "wire/reader.h"

namespace gatehouse {

std::uint8_t home_of(peer_address const& peer, std::size_t workers) noexcept
{
    constexpr std::size_t v4_prefix = 12;
    wire::reader ip{peer.ip};
    if (peer.is_v4())
        ip.take(v4_prefix);
    std::uint32_t mixed = 0;
    while (ip.remaining() > 0)
        mixed ^= ip.big<std::uint32_t>();
    mixed ^= std::uint32_t{peer.port} << 16 | peer.port;
    mixed *= address_hash_factor;
    mixed >>= address_hash_shift;
    return static_cast<std::uint8_t>(mixed % workers);
}

}  // namespace gatehouse
