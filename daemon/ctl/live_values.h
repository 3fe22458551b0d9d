// What a shell offers for devices, sessions and keys.
#pragma once

#include "call.h"

#include <string>
#include <string_view>

namespace gatehouse::ctl {

// One a line, up to a thousand; those only that no shell and no terminal could misread. Throws
// failure.
std::string live_values(call const& what, std::string_view kind);

// Letters, digits and -._:+@
bool is_harmless(std::string_view value) noexcept;

}  // namespace gatehouse::ctl
