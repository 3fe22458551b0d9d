// Reads what the keys of devices and the masters of fleets have in common.
#pragma once

#include "base/secret.h"
#include "config/secret_text.h"
#include "config/yaml_map.h"
#include "identity/key_window.h"

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::config {

// `id`. Nothing when it is missing or wrong.
std::optional<std::string> read_key_id(yaml_map& key);

// `not_before` and `not_after`.
void read_key_window(yaml_map& key, identity::key_window& into);

// The secret under `field`. Nothing when it is missing or wrong.
std::optional<secret_bytes> read_key_secret(
    yaml_map& key, std::string_view field, secret_files& files, key_length wanted
);

}  // namespace gatehouse::config
