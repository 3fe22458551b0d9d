#include "stamp.h"

#include "base/assert.h"
#include "base/hex.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace gatehouse::sim {

namespace {

constexpr std::string_view mark = "gh:";
constexpr std::string_view digits = "0123456789abcdef";

}  // namespace

void write_stamp(std::span<char> message, duration since_start) noexcept
{
    GATEHOUSE_ASSERT(message.size() >= stamp_size);
    std::copy(mark.begin(), mark.end(), message.begin());
    auto value = static_cast<std::uint64_t>(since_start.count());
    for (auto at = stamp_size; at-- > mark.size(); value >>= 4)
        message[at] = digits[value & 0xf];
}

std::optional<duration> find_stamp(bytes answer) noexcept
{
    auto const text = as_text(answer);
    auto const at = text.find(mark);
    if (at == std::string_view::npos || text.size() - at < stamp_size)
        return std::nullopt;
    std::uint64_t value = 0;
    for (auto const c : text.substr(at + mark.size(), stamp_size - mark.size())) {
        auto const digit = hex_digit(c);
        if (digit < 0)
            return std::nullopt;
        value = value << 4 | static_cast<std::uint64_t>(digit);
    }
    return duration{static_cast<duration::rep>(value)};
}

}  // namespace gatehouse::sim
