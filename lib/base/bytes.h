// Views of raw bytes, and the conversions between text and bytes that the project allows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace gatehouse {

using bytes = std::span<std::uint8_t const>;
using mutable_bytes = std::span<std::uint8_t>;

// The characters of `text` as bytes. The view lives as long as the text.
inline bytes as_bytes(std::string_view text) noexcept
{
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

// Bytes as characters, unchecked: the caller knows that they are text.
inline std::string_view as_text(bytes data) noexcept
{
    return {reinterpret_cast<char const*>(data.data()), data.size()};
}

// The same of text that its owner lets be changed.
inline mutable_bytes as_mutable_bytes(std::span<char> text) noexcept
{
    return {reinterpret_cast<std::uint8_t*>(text.data()), text.size()};
}

}  // namespace gatehouse
