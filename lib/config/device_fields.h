// Reads what the devices of all protocols have in common.
#pragma once

#include "config/yaml_map.h"
#include "identity/psk_device.h"

#include <string>
#include <unordered_map>

namespace gatehouse::config {

// Where each device that is listed by a name stands.
using device_lines = std::unordered_map<std::string, int>;

// Notes where this one stands. Complains, and is false, when it stands elsewhere already.
bool note_line(device_lines& lines, yaml_node device, complaints& report);

// `name`, for people.
void read_device_name(yaml_map& device, identity::psk_device& into);

// `enabled` and `revoked`.
void read_device_state(yaml_map& device, identity::psk_device& into);

}  // namespace gatehouse::config
