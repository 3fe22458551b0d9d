// "Did you mean ...?"
#pragma once

#include <span>
#include <string_view>

namespace gatehouse::config {

// The word of `known` that `written` was most likely meant to be, or an empty view when none is
// near.
std::string_view nearest_word(std::string_view written, std::span<std::string_view const> known);

}  // namespace gatehouse::config
