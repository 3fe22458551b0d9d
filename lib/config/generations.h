// Reads the `generations` of a protocol section.
#pragma once

#include "config/fields.h"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace gatehouse::config {

// Which of `known` are listed, in the same order. Nothing when the key is absent or no list.
std::optional<std::vector<bool>> read_generations(yaml_map& section, std::span<word const> known);

}  // namespace gatehouse::config
