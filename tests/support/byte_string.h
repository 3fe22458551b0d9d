// Owned bytes for tests, and short ways to write them.
#pragma once

#include "base/bytes.h"
#include "base/hex.h"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::test {

using byte_string = std::vector<std::uint8_t>;

inline byte_string text_bytes(std::string_view text)
{
    return {text.begin(), text.end()};
}

inline std::string text_of(bytes data)
{
    return {data.begin(), data.end()};
}

inline byte_string hex_bytes(std::string_view digits)
{
    auto data = from_hex(digits);
    if (!data)
        throw std::invalid_argument{"not hexadecimal: " + std::string{digits}};
    return std::move(*data);
}

inline byte_string copy_of(bytes data)
{
    return {data.begin(), data.end()};
}

inline void append(byte_string& to, bytes data)
{
    to.insert(to.end(), data.begin(), data.end());
}

// `size` bytes that differ from their neighbours.
inline byte_string pattern_bytes(std::size_t size, std::uint8_t first = 0)
{
    byte_string data(size);
    for (std::size_t i = 0; i < size; ++i)
        data[i] = static_cast<std::uint8_t>(first + 7 * i);
    return data;
}

namespace literals {

inline byte_string operator""_hex(char const* digits, std::size_t size)
{
    return hex_bytes({digits, size});
}

inline byte_string operator""_bytes(char const* text, std::size_t size)
{
    return text_bytes({text, size});
}

}  // namespace literals

}  // namespace gatehouse::test
