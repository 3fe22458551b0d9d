// Devices of a managed store in the form of a credential file, both ways.
#pragma once

#include "identity/keyring.h"
#include "store/stored_device.h"

#include <string>
#include <vector>

namespace gatehouse {

// Appends the device to what stands below `devices:`. A device that has only revoked keys, or none,
// is not written: there is nothing to connect with.
void write_device(store::stored_device const& device, std::string& into);

// The listed devices of a credential file, without revoked keys.
std::vector<store::new_device> devices_of(identity::keyring const& ring);

}  // namespace gatehouse
