// What becomes of a proof with a key that a device has.
#pragma once

#include "base/result.h"
#include "identity/listed_device.h"

namespace gatehouse {

// Errors: unproven_revoked_key, unproven_disabled_device, unproven_expired_key (also: not yet
// open).
inline result<> judge_key(identity::enrolled_key const& key, wall_time now)
{
    switch (key.mark) {
    case identity::key_mark::revoked:
        return error::unproven_revoked_key;
    case identity::key_mark::disabled:
        return error::unproven_disabled_device;
    case identity::key_mark::accepted:
        break;
    }
    if (!key.window.open_at(now))
        return error::unproven_expired_key;
    return {};
}

}  // namespace gatehouse
