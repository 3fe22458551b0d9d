// What has become of the key with which a live session authenticated.
#pragma once

#include "identity/keyring.h"

#include <cstdint>
#include <optional>

namespace gatehouse::identity {

struct key_standing {
    enum class verdict : std::uint8_t { unchanged, window_changed, gone };

    verdict what = verdict::unchanged;
    key_window window{};  // with `window_changed`, and perhaps closed already
};

// `key` proved `device` under `before`: is that very key (same id, same secret) accepted in `now`?
// `gone` when it was removed, replaced, revoked, or its device disabled. A derived key is gone when
// its master is, or an entry for the device alone has come; a key of a keyed set, when its gateway
// key is. About a microsecond; derives nothing.
key_standing standing_of(
    keyring const& before, keyring const& now, device_id const& device, key_index key
);

// When the key that proved `device` is accepted; nothing when `standing_of` would say `gone` of it.
std::optional<key_window> window_of(keyring const& now, device_id const& device, key_index key);

}  // namespace gatehouse::identity
