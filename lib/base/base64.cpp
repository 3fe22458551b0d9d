#include "base/base64.h"

#include "base/assert.h"

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
    std::size_t written = 0;
    for (std::size_t i = 0; i < text.size(); i += 4) {
        bool const last = i + 4 == text.size();
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            bool const padded = last && j >= 4 - padding;
            auto const value = padded ? std::uint8_t{0} : value_of(text[i + j]);
            if (value == invalid)
                return std::nullopt;
            group = group << 6 | value;
        }
        for (std::size_t j = 0; j < 3; ++j) {
            auto const byte = static_cast<std::uint8_t>(group >> (16 - 8 * j));
            if (written < size)
                out[written++] = byte;
            else if (byte != 0)
                return std::nullopt;
        }
    }
    return size;
}

}  // namespace gatehouse
