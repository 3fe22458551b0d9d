// Which address of this machine a device connects from.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <optional>

namespace gatehouse::sim {

// An address has some 28 000 ports. Devices that are known by their keys must be few at an address:
// as many as a gateway tries when nothing else is configured.
inline constexpr std::uint32_t devices_an_address = 20'000;
inline constexpr std::uint32_t keyed_devices_an_address = 64;

// Towards a gateway on the loopback interface each block of so many devices has an address of its
// own, 127.0.0.1 and up. Elsewhere the system chooses.
std::optional<boost::asio::ip::address> source_address(
    boost::asio::ip::address const& gateway, std::uint32_t index, std::uint32_t each
);

}  // namespace gatehouse::sim
