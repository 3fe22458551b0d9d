#include "source_address.h"

namespace gatehouse::sim {

namespace {

constexpr std::uint32_t devices_an_address = 20'000;

}  // namespace

std::optional<boost::asio::ip::address> source_address(
    boost::asio::ip::address const& gateway, std::uint32_t index
)
{
    auto const block = index / devices_an_address;
    if (block == 0 || !gateway.is_v4() || !gateway.is_loopback())
        return std::nullopt;
    auto const first = boost::asio::ip::address_v4::loopback().to_uint();
    return boost::asio::ip::address_v4{first + block};
}

}  // namespace gatehouse::sim
