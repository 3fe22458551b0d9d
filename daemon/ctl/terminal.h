// What stands at the other end of the standard streams.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::ctl {

enum class stream_kind : std::uint8_t { terminal, other };
enum class look : std::uint8_t { plain, coloured };

stream_kind kind_of(int descriptor) noexcept;

// Coloured on a terminal, unless NO_COLOR is set or the terminal is dumb.
look look_of(int descriptor) noexcept;

// $COLUMNS, else the terminal's width, else 0: no limit.
std::size_t columns_of(int descriptor) noexcept;

// The terminal's height, or 0.
std::size_t lines_of(int descriptor) noexcept;

// Bold red, when colours are wanted.
std::string alarming(std::string_view text, look wanted);
std::string bold(std::string_view text, look wanted);

}  // namespace gatehouse::ctl
