// What both profiles do to each byte: multiply it by an odd one, modulo 256. That keeps zeros, the
// lowest bit, and how many bits at the end are zero, whatever the key.
#pragma once

#include "base/bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse::array_crypto {

constexpr std::uint8_t times(std::uint8_t one, std::uint8_t other) noexcept
{
    return static_cast<std::uint8_t>(unsigned{one} * other);
}

// The byte that undoes an odd one. Each step doubles the number of right bits.
constexpr std::uint8_t inverse_of(std::uint8_t odd) noexcept
{
    std::uint8_t made = odd;  // right in three bits
    for (int step = 0; step < 2; ++step)
        made = times(made, static_cast<std::uint8_t>(2U - times(odd, made)));
    return made;
}

// In place, with the key over and over.
inline void multiply(mutable_bytes text, bytes key) noexcept
{
    for (std::size_t i = 0; i < text.size(); ++i)
        text[i] = times(text[i], key[i % key.size()]);
}

// The key that undoes `key`.
inline void invert(mutable_bytes key) noexcept
{
    for (auto& byte : key)
        byte = inverse_of(byte);
}

}  // namespace gatehouse::array_crypto
