// Base64 as the reference reads it (docs/protocols/upss.md, "Sealed fields"): what is not of the
// alphabet is skipped, and what stands behind the padding is not looked at.
#pragma once

#include "base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace gatehouse::upss {

enum class base64_alphabet : std::uint8_t {
    standard,
    both,  // + and -, / and _ mean the same
};

// Where `text` is; the size of what it says, at its front. Nothing when padding is missing.
std::optional<std::size_t> from_base64_leniently(
    mutable_bytes text, base64_alphabet alphabet
) noexcept;

}  // namespace gatehouse::upss
