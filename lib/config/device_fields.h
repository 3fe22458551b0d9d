// Reads what the devices of all protocols have in common.
#pragma once

#include "config/yaml_map.h"
#include "identity/psk_device.h"

namespace gatehouse::config {

// `name`, for people.
void read_device_name(yaml_map& device, identity::psk_device& into);

// `enabled` and `revoked`.
void read_device_state(yaml_map& device, identity::psk_device& into);

}  // namespace gatehouse::config
