// Hexadecimal text.
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

// Lower-case digits, two a byte.
std::string to_hex(bytes data);

// Strict: an even number of digits of either case, nothing else. Empty text is empty bytes.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);

// The value of one hexadecimal digit, or -1.
int hex_digit(char c) noexcept;

}  // namespace gatehouse
