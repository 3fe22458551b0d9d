// Failures of commands that name what is not there.
#pragma once

#include "identity/device_id.h"
#include "store/failure.h"

#include <string>
#include <string_view>

namespace gatehouse::store {

inline failure unknown_device(identity::device_id const& id)
{
    return failure{
        failure_kind::unknown_device,
        "device " + id.text() + " is not in the store; add it first, or correct its id"};
}

inline failure unknown_key(identity::device_id const& id, std::string_view key_id)
{
    return failure{
        failure_kind::unknown_key,
        "device " + id.text() + " has no key \"" + std::string{key_id} +
            "\"; show the device to see its keys"};
}

}  // namespace gatehouse::store
