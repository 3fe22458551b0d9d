// What the keys of a credential set must be, as the listeners that use it say.
#pragma once

#include "config/model.h"
#include "identity/public_key.h"

#include <optional>
#include <string_view>

namespace gatehouse::config {

identity::key_kind kind_of(protocol which) noexcept;

// "pre-shared keys", "Ed25519 keys", "X25519 keys"
std::string_view words_for(identity::key_kind kind) noexcept;

// Nothing when no listener uses the set.
std::optional<identity::key_kind> kind_of_set(settings const& all, std::string_view set) noexcept;

}  // namespace gatehouse::config
