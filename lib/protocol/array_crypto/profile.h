// The two profiles that this gateway speaks (docs/protocols/array-crypto.md, "Profiles"). Their
// messages are no encryption to rely on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse::array_crypto {

enum class profile : std::uint8_t {
    v1,  // "Array-Crypto"
    v2,  // "improved entropy", also called teeth-gnashing 1.0.0
};

// As settings, records and logs name it.
constexpr std::string_view name_of(profile which) noexcept
{
    return which == profile::v1 ? "v1" : "v2";
}

constexpr std::optional<profile> profile_of(std::string_view name) noexcept
{
    if (name == "v1")
        return profile::v1;
    if (name == "v2")
        return profile::v2;
    return std::nullopt;
}

// Of the hash that a message begins with, and equally of its salt.
constexpr std::size_t hash_size(profile which) noexcept
{
    return which == profile::v1 ? 16 : 32;
}
inline constexpr std::size_t longest_salt = 32;

// By how much a message is longer than its plaintext.
constexpr std::size_t overhead(profile which) noexcept
{
    return 2 * hash_size(which);
}

// What GET /snapshot tells: all that a message's key is made of, apart from its salt.
struct pair {
    std::uint64_t seed = 0;
    std::uint64_t tick = 0;

    bool operator==(pair const&) const noexcept = default;
};

}  // namespace gatehouse::array_crypto
