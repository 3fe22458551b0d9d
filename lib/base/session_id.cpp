#include "base/session_id.h"

#include "base/hex.h"

namespace gatehouse {

session_id session_id::make(std::uint8_t worker, std::uint16_t node, std::uint64_t random) noexcept
{
    constexpr std::uint64_t random_mask = (std::uint64_t{1} << 40) - 1;
    return session_id{
        std::uint64_t{worker} << 56 | std::uint64_t{node} << 40 | (random & random_mask)};
}

session_id::session_id(raw const& bytes) noexcept
{
    for (auto const byte : bytes)
        value_ = value_ << 8 | byte;
}

std::optional<session_id> session_id::parse(std::string_view text) noexcept
{
    if (text.size() != 16)
        return std::nullopt;
    std::uint64_t value = 0;
    for (auto const c : text) {
        auto const digit = hex_digit(c);
        if (digit < 0)
            return std::nullopt;
        value = value << 4 | static_cast<std::uint64_t>(digit);
    }
    return session_id{value};
}

session_id::raw session_id::bytes() const noexcept
{
    raw out{};
    auto rest = value_;
    for (auto byte = out.rbegin(); byte != out.rend(); ++byte) {
        *byte = static_cast<std::uint8_t>(rest);
        rest >>= 8;
    }
    return out;
}

std::array<char, 16> session_id::text() const noexcept
{
    static constexpr std::string_view digits = "0123456789abcdef";
    std::array<char, 16> out{};
    auto rest = value_;
    for (auto digit = out.rbegin(); digit != out.rend(); ++digit) {
        *digit = digits[rest & 0x0f];
        rest >>= 4;
    }
    return out;
}

std::string session_id::string() const
{
    auto const digits = text();
    return {digits.data(), digits.size()};
}

}  // namespace gatehouse
