// The primitives of the protocols, written a second time for tests: straight from their definitions
// or from OpenSSL's one-shot calls, sharing nothing with lib/crypto and lib/protocol.
#pragma once

#include "support/byte_string.h"

#include <cstdint>
#include <optional>

namespace gatehouse::test::reference {

enum class cipher : std::uint8_t { aes_256_gcm, chacha20_poly1305 };

std::uint16_t crc16(bytes data);
byte_string hmac_sha256(bytes key, bytes message);
byte_string hkdf_sha256(bytes input_key, bytes salt, bytes info, std::size_t size);
byte_string hkdf_sha3_256(bytes input_key, bytes salt, bytes info, std::size_t size);
byte_string sha256(bytes message);
byte_string ed25519_public(bytes seed);
byte_string ed25519_sign(bytes seed, bytes message);
bool ed25519_verify(bytes from, bytes message, bytes signature);
byte_string x25519_public(bytes private_key);
byte_string x25519(bytes private_key, bytes peer);

// Ciphertext and tag.
byte_string seal(cipher with, bytes key, bytes nonce, bytes additional, bytes plaintext);
std::optional<byte_string> open(
    cipher with, bytes key, bytes nonce, bytes additional, bytes sealed
);

}  // namespace gatehouse::test::reference
