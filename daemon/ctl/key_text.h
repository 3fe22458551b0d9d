// How a key is written for other programs.
#pragma once

#include "base/bytes.h"
#include "wiping_memory.h"

#include <cstdint>
#include <string_view>

namespace gatehouse::ctl {

enum class key_format : std::uint8_t { raw, hex, base64 };

// Of --format. Throws usage_error for another word.
key_format parse_key_format(std::string_view word);

// Raw bytes, or one line with nothing but the key, which has at most 64 bytes.
wiped_string key_text(bytes key, key_format format);

}  // namespace gatehouse::ctl
