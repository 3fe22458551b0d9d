// Variables of the environment that the process was started with. No program of ours changes them,
// so any thread may ask.
#pragma once

#include <string_view>

namespace gatehouse {

// Empty when it is not set. The text lives as long as the process.
std::string_view environment(char const* name) noexcept;

}  // namespace gatehouse
