// Times in rows: whole seconds since 1970 UTC, NULL where there is no bound.
#pragma once

#include "base/time.h"
#include "identity/key_window.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace gatehouse::store {

constexpr std::int64_t row_time(wall_time time) noexcept
{
    return time.time_since_epoch().count();
}

constexpr wall_time time_of_row(std::int64_t seconds) noexcept
{
    return wall_time{std::chrono::seconds{seconds}};
}

constexpr std::optional<std::int64_t> row_not_before(identity::key_window const& window) noexcept
{
    if (window.not_before == wall_time::min())
        return std::nullopt;
    return row_time(window.not_before);
}

constexpr std::optional<std::int64_t> row_not_after(identity::key_window const& window) noexcept
{
    if (window.not_after == wall_time::max())
        return std::nullopt;
    return row_time(window.not_after);
}

constexpr identity::key_window window_of_row(
    std::optional<std::int64_t> not_before, std::optional<std::int64_t> not_after
) noexcept
{
    return {
        .not_before = not_before ? time_of_row(*not_before) : wall_time::min(),
        .not_after = not_after ? time_of_row(*not_after) : wall_time::max(),
    };
}

}  // namespace gatehouse::store
