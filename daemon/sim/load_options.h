// The options of `gatehouse-sim load`.
#pragma once

#include "device_options.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace gatehouse::sim {

// As fast as it goes: with echo, one message under way a device.
inline constexpr double no_limit = std::numeric_limits<double>::infinity();

struct load_options {
    device_options device;
    std::uint32_t devices = 0;
    double connect_rate = no_limit;  // a second, all devices together
    std::uint32_t handshakes = 0;    // at once
    double message_rate = 0;         // a second and device
    std::size_t size = 0;            // of a message
    duration hold{};                 // of the idle time before that
    duration length{};               // of the time that messages are sent
    bool echo = false;
    bool reconnect = false;
    bool json = false;
};

load_options read_load_options(arguments const& given);

// Those that only this command has.
std::span<option const> load_only_options() noexcept;

}  // namespace gatehouse::sim
