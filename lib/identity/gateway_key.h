// A key pair of the gateway itself, which devices of a keyed protocol know.
#pragma once

#include "identity/key_window.h"
#include "identity/listed_device.h"
#include "identity/public_key.h"

#include <cstddef>

namespace gatehouse::identity {

// Bound on what may stand in a keyring; who reads files refuses more.
inline constexpr std::size_t most_gateway_keys = 8;

struct gateway_key {
    key_index id = 0;
    key_window window;
    key_mark mark = key_mark::accepted;
    identity::private_key private_key;
    identity::public_key public_key{};

    bool accepted_at(wall_time now) const noexcept
    {
        return mark == key_mark::accepted && window.open_at(now);
    }
};

}  // namespace gatehouse::identity
