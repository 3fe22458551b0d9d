// Whether values may stand in a store.
#pragma once

#include "identity/device_id.h"
#include "store/failure.h"
#include "store/stored_device.h"

#include <string_view>

namespace gatehouse::store {

// Failures: unfit_value, too_many_keys, exists (two keys under one id).
outcome<> check_device(new_device const& device);

// Failure: unfit_value.
outcome<> check_key(identity::device_id const& device, new_key const& key);
outcome<> check_name(std::string_view name);

}  // namespace gatehouse::store
