#include "config/log_level.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace gatehouse::config {

namespace {

// In the order of the enum.
constexpr std::array<std::string_view, 4> words{"debug", "info", "warn", "error"};

}  // namespace

std::string_view name_of(log_level level) noexcept
{
    return words.at(static_cast<std::size_t>(level));
}

std::optional<log_level> log_level_named(std::string_view word) noexcept
{
    auto const found = std::find(words.begin(), words.end(), word);
    if (found == words.end())
        return std::nullopt;
    return static_cast<log_level>(found - words.begin());
}

}  // namespace gatehouse::config
