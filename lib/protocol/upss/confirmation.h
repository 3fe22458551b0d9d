// The sentence of package 4, with which the gateway shows that it opened the device's key
// (docs/protocols/upss.md, "Session").
#pragma once

#include <string_view>

namespace gatehouse::upss {

inline constexpr std::string_view confirmation_sentence =
    "Recognition is the most powerful motivation factor.";

}  // namespace gatehouse::upss
