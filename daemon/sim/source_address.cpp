#include "source_address.h"

namespace gatehouse::sim {

std::optional<boost::asio::ip::address> source_address(
    boost::asio::ip::address const& gateway, std::uint32_t index, std::uint32_t each
)
{
    auto const block = index / each;
    if (block == 0 || !gateway.is_v4() || !gateway.is_loopback())
        return std::nullopt;
    auto const first = boost::asio::ip::address_v4::loopback().to_uint();
    return boost::asio::ip::address_v4{first + block};
}

}  // namespace gatehouse::sim
