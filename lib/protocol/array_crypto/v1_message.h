// Messages of v1: hash (16) | salt (16) | ciphertext (docs/protocols/array-crypto.md, "v1").
//
// The key depends on the lowest eight bits of the seed, which anybody can ask for, and the hash on
// no key at all.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse::array_crypto::v1 {

inline constexpr std::size_t hash_size = 16;
inline constexpr std::size_t salt_size = 16;
inline constexpr std::size_t header_size = hash_size + salt_size;
using message_salt = std::array<std::uint8_t, salt_size>;
using message_key = std::array<std::uint8_t, 64>;

message_key derive_key(std::uint64_t seed, bytes salt) noexcept;

// The salt of a stock client: the time in whole seconds since 1970, then eight random bytes.
message_salt make_salt(std::uint64_t seconds, bytes random) noexcept;
std::uint64_t seconds_of(bytes salt) noexcept;

// Writes the message of `text`, which has header_size bytes less than `out`.
void seal(std::uint64_t seed, message_salt const& with, bytes text, mutable_bytes out);

// Opens in place. Errors: malformed_truncated; unproven_frame, the hash is another.
struct opened {
    bytes salt;
    mutable_bytes text;
};
result<opened> open(std::uint64_t seed, mutable_bytes message);

}  // namespace gatehouse::array_crypto::v1
