// Which address of this machine a device connects from.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <optional>

namespace gatehouse::sim {

// Towards a gateway on the loopback interface each block of so many devices has an address of its
// own, 127.0.0.1 and up. Elsewhere the system chooses.
std::optional<boost::asio::ip::address> source_address(
    boost::asio::ip::address const& gateway, std::uint32_t index, std::uint32_t each
);

}  // namespace gatehouse::sim
