// Variables of the environment that gatehousectl was started with.
#pragma once

#include <string_view>

namespace gatehouse::ctl {

// Empty when it is not set. The text lives as long as the process, which never changes its
// environment.
std::string_view environment(char const* name) noexcept;

}  // namespace gatehouse::ctl
