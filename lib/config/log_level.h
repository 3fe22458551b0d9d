// The words for log levels.
#pragma once

#include "config/model.h"

#include <optional>
#include <string_view>

namespace gatehouse::config {

std::string_view name_of(log_level level) noexcept;
std::optional<log_level> log_level_named(std::string_view word) noexcept;

}  // namespace gatehouse::config
