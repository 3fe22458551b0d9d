// The time of sending, written into a message as text, to be found again in the backend's answer.
#pragma once

#include "base/bytes.h"
#include "base/time.h"

#include <cstddef>
#include <optional>
#include <span>

namespace gatehouse::sim {

// "gh:" and sixteen hexadecimal digits.
inline constexpr std::size_t stamp_size = 19;

// Fills the front of `message`, which is at least as long as a stamp.
void write_stamp(std::span<char> message, duration since_start) noexcept;

// The first stamp anywhere in the answer.
std::optional<duration> find_stamp(bytes answer) noexcept;

}  // namespace gatehouse::sim
