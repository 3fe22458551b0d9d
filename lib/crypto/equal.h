// Comparison in constant time.
#pragma once

#include "base/bytes.h"

namespace gatehouse::crypto {

// True when both have the same length and content. The time depends on the lengths only.
bool equal(bytes left, bytes right) noexcept;

}  // namespace gatehouse::crypto
