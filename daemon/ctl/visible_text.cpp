#include "visible_text.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <utility>

namespace gatehouse::ctl {

namespace {

struct code_point {
    std::uint32_t value;
    std::size_t length;
};

bool is_continuation(char c) noexcept
{
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Nothing when the bytes at `at` are no UTF-8.
std::optional<code_point> decode(std::string_view text, std::size_t at) noexcept
{
    static constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    auto const first = static_cast<unsigned char>(text[at]);
    if (first < 0x80U)
        return code_point{first, 1};
    std::size_t const length = first >= 0xF0U ? 4 : first >= 0xE0U ? 3 : 2;
    if (first < 0xC2U || first > 0xF4U || at + length > text.size())
        return std::nullopt;
    std::uint32_t value = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(text[at + i]))
            return std::nullopt;
        value = value << 6U | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    }
    if (value < smallest[length] || value > 0x10FFFFU || (value >= 0xD800U && value <= 0xDFFFU))
        return std::nullopt;
    return code_point{value, length};
}

// Controls, marks of direction, separators of lines, and characters that cannot be seen.
bool is_dangerous(std::uint32_t value) noexcept
{
    static constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 9> ranges{{
        {0x00, 0x1F},
        {0x7F, 0x9F},
        {0xAD, 0xAD},
        {0x061C, 0x061C},
        {0x200B, 0x200F},
        {0x2028, 0x202E},
        {0x2060, 0x206F},
        {0xFEFF, 0xFEFF},
        {0xFFF9, 0xFFFB},
    }};
    for (auto const& [first, last] : ranges)
        if (value >= first && value <= last)
            return true;
    return value >= 0xE0000U;  // tags, private planes
}

std::string escape(char const* form, std::uint32_t value)
{
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), form, value);
    return text.data();
}

std::string escaped(std::uint32_t value)
{
    if (value == '\n')
        return "\\n";
    if (value == '\t')
        return "\\t";
    if (value < 0x80U)
        return escape("\\x%02x", value);
    return escape(value > 0xFFFFU ? "\\U%08x" : "\\u%04x", value);
}

std::string escaped_for_json(std::uint32_t value)
{
    if (value <= 0xFFFFU)
        return escape("\\u%04x", value);
    auto const rest = value - 0x10000U;
    return escape("\\u%04x", 0xD800U + (rest >> 10U)) +
           escape("\\u%04x", 0xDC00U + (rest & 0x3FFU));
}

}  // namespace

std::string visible(std::string_view text)
{
    std::string made;
    made.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        auto const next = decode(text, at);
        if (!next)
            made += escape("\\x%02x", static_cast<unsigned char>(text[at]));
        else if (next->value == '\\')
            made += "\\\\";
        else if (is_dangerous(next->value))
            made += escaped(next->value);
        else
            made += text.substr(at, next->length);
        at += next ? next->length : 1;
    }
    return made;
}

std::string visible_document(std::string_view document)
{
    std::string made;
    made.reserve(document.size());
    for (std::size_t at = 0; at < document.size();) {
        auto const next = decode(document, at);
        auto const length = next ? next->length : 1;
        if (next && next->value >= 0x7FU && is_dangerous(next->value))
            made += escaped_for_json(next->value);
        else
            made += document.substr(at, length);
        at += length;
    }
    return made;
}

std::size_t display_width(std::string_view text) noexcept
{
    std::size_t width = 0;
    for (char const c : text)
        width += is_continuation(c) ? 0U : 1U;
    return width;
}

std::string cut_to(std::string_view text, std::size_t width)
{
    if (display_width(text) <= width)
        return std::string{text};
    if (width == 0)
        return {};
    std::size_t end = 0;
    for (std::size_t left = width - 1; end < text.size(); ++end)
        if (!is_continuation(text[end]) && left-- == 0)
            break;
    return std::string{text.substr(0, end)} + "…";
}

}  // namespace gatehouse::ctl
