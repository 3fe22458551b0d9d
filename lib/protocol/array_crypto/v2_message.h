// Messages of v2: hash (32) | salt (32) | ciphertext (docs/protocols/array-crypto.md, "v2").
//
// Key and hash depend on seed and tick, which the snapshot tells; on the device's secret neither
// depends.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/blake2.h"
#include "crypto/chacha20.h"
#include "protocol/array_crypto/profile.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse::array_crypto::v2 {

inline constexpr std::size_t hash_size = 32;
inline constexpr std::size_t salt_size = 32;
inline constexpr std::size_t header_size = hash_size + salt_size;
inline constexpr std::size_t usual_array_size = 256;
using message_salt = std::array<std::uint8_t, salt_size>;
using message_hash = std::array<std::uint8_t, hash_size>;

// What messages of one thread are worked with.
struct tools {
    crypto::chacha20 chacha20;
    crypto::hmac_blake2b hmac;
};

// Fills `key`, whose size is the client's array_size: a multiple of 64.
void derive_key(tools& with, pair const& of, bytes salt, mutable_bytes key);

// The hash of the three rounds, digests of out.size() bytes, over the concatenated parts.
void hash_rounds(bytes one, bytes other, mutable_bytes out);

// That of a message: over salt and ciphertext, then the tick.
message_hash hash_of(std::uint64_t tick, bytes salt_and_ciphertext);

// Writes the message of `text`, which has header_size bytes less than `out`.
void seal(tools& with, pair const& under, message_salt const& fresh, bytes text, mutable_bytes out);

// Was the message made under this tick? `message` has at least header_size bytes.
bool is_of(std::uint64_t tick, bytes message);

// Opens one that is_of(under.tick), in place. A wrong seed gives garbage.
struct opened {
    bytes salt;
    mutable_bytes text;
};
opened open(tools& with, pair const& under, mutable_bytes message);

}  // namespace gatehouse::array_crypto::v2
