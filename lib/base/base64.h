// Base64 with padding (RFC 4648, section 4), into buffers that the caller owns.
#pragma once

#include "base/bytes.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace gatehouse {

constexpr std::size_t base64_size(std::size_t raw) noexcept
{
    return (raw + 2) / 3 * 4;
}

// Writes base64_size(data.size()) characters to `out`, which must have room for them.
void to_base64(bytes data, mutable_bytes out) noexcept;

// Strict: whole groups, padding only at the end, no white space, no bits left over. Writes to `out`
// and returns the number of bytes, or nothing when the text is not valid or `out` is too small
// (text.size() / 4 * 3 bytes always suffice).
std::optional<std::size_t> from_base64(std::string_view text, mutable_bytes out) noexcept;

}  // namespace gatehouse
