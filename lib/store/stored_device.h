// Devices and their keys as the store takes them and gives them back.
#pragma once

#include "base/secret.h"
#include "base/time.h"
#include "identity/device_id.h"
#include "identity/key_window.h"
#include "identity/psk_device.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::store {

enum class device_access : std::uint8_t { enabled, disabled };

struct new_key {
    std::string id;  // unique among the keys of its device
    secret_bytes secret;
    identity::key_window window;
};

struct new_device {
    identity::device_id id;
    std::string name;           // optional, for people
    std::vector<new_key> keys;  // newest first
    device_access access = device_access::enabled;
    identity::session_id_length legacy_session_id = identity::session_id_length::unknown;
};

struct stored_key {
    std::string id;
    identity::key_window window;
    wall_time created;
    std::optional<wall_time> revoked_at;  // then the secret is gone for ever
    secret_bytes secret;                  // empty when revoked, and in listings
};

struct stored_device {
    identity::device_id id;
    std::string name;
    device_access access = device_access::enabled;
    identity::session_id_length legacy_session_id = identity::session_id_length::unknown;
    wall_time created;
    wall_time changed;             // the device or a key of it
    std::vector<stored_key> keys;  // newest first
};

}  // namespace gatehouse::store
