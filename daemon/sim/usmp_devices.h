// USMP in gatehouse-sim.
#pragma once

#include "device_protocol.h"

namespace gatehouse::sim {

extern device_protocol const usmp_devices;

}  // namespace gatehouse::sim
