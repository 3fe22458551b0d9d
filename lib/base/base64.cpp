#include "base/base64.h"

#include "base/assert.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace gatehouse {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t invalid = 0xff;

constexpr std::array<std::uint8_t, 256> make_values() noexcept
{
    std::array<std::uint8_t, 256> values{};
    values.fill(invalid);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return values;
}

constexpr auto values = make_values();

std::uint8_t letter(std::uint32_t value) noexcept
{
    return static_cast<std::uint8_t>(alphabet[value]);
}

std::uint8_t value_of(char c) noexcept
{
    return values[static_cast<unsigned char>(c)];
}

// Four characters without padding to three bytes.
bool decode_group(std::string_view text, mutable_bytes out) noexcept
{
    auto const a = value_of(text[0]);
    auto const b = value_of(text[1]);
    auto const c = value_of(text[2]);
    auto const d = value_of(text[3]);
    out[0] = static_cast<std::uint8_t>(a << 2 | b >> 4);
    out[1] = static_cast<std::uint8_t>(b << 4 | c >> 2);
    out[2] = static_cast<std::uint8_t>(c << 6 | d);
    return ((a | b | c | d) & 0xc0) == 0;
}

// The last four, of which `padding` are '='. No bits may be left over.
bool decode_last(std::string_view text, std::size_t padding, mutable_bytes out) noexcept
{
    std::array<char, 4> digits{'A', 'A', 'A', 'A'};
    std::copy_n(text.begin(), 4 - padding, digits.begin());
    std::array<std::uint8_t, 3> group{};
    if (!decode_group({digits.data(), digits.size()}, group))
        return false;
    auto const kept = group.begin() + static_cast<std::ptrdiff_t>(3 - padding);
    std::copy(group.begin(), kept, out.begin());
    return std::all_of(kept, group.end(), [](std::uint8_t left) { return left == 0; });
}

}  // namespace

void to_base64(bytes data, mutable_bytes out) noexcept
{
    GATEHOUSE_ASSERT(out.size() >= base64_size(data.size()));
    auto* to = out.data();
    std::size_t i = 0;
    for (; i + 3 <= data.size(); i += 3) {
        auto const group =
            static_cast<std::uint32_t>(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
        *to++ = letter(group >> 18);
        *to++ = letter(group >> 12 & 0x3f);
        *to++ = letter(group >> 6 & 0x3f);
        *to++ = letter(group & 0x3f);
    }
    if (i == data.size())
        return;
    bool const two = data.size() - i == 2;
    auto const group = static_cast<std::uint32_t>(data[i] << 16 | (two ? data[i + 1] << 8 : 0));
    *to++ = letter(group >> 18);
    *to++ = letter(group >> 12 & 0x3f);
    *to++ = two ? letter(group >> 6 & 0x3f) : std::uint8_t{'='};
    *to++ = '=';
}

std::optional<std::size_t> from_base64(std::string_view text, mutable_bytes out) noexcept
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    if (text.empty())
        return 0;
    std::size_t const padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    auto const size = text.size() / 4 * 3 - padding;
    if (out.size() < size)
        return std::nullopt;
    auto const whole = text.size() - 4;
    for (std::size_t i = 0; i < whole; i += 4)
        if (!decode_group(text.substr(i, 4), out.subspan(i / 4 * 3, 3)))
            return std::nullopt;
    return decode_last(text.substr(whole), padding, out.subspan(whole / 4 * 3))
               ? std::optional{size}
               : std::nullopt;
}

}  // namespace gatehouse
