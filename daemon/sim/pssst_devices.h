// PSSST in gatehouse-sim: requests, which `gatehouse-sim request` sends.
#pragma once

#include "device_protocol.h"

#include <array>

namespace gatehouse::sim {

inline constexpr std::array pssst_transports{transport::udp};

inline constexpr device_protocol pssst_devices{
    .name = "pssst",
    .transports = pssst_transports,
    .speaks = exchange::requests,
};

}  // namespace gatehouse::sim
