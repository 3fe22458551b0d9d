// Array-Crypto in gatehouse-sim.
#pragma once

#include "device_protocol.h"

namespace gatehouse::sim {

extern device_protocol const array_crypto_devices;

}  // namespace gatehouse::sim
