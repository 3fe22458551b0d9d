// Is this UTF-8? (RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF.)
#pragma once

#include "base/bytes.h"

namespace gatehouse {

bool is_utf8(bytes data) noexcept;

}  // namespace gatehouse
