// AES-128-GCM, AES-256-GCM and ChaCha20-Poly1305 with 12-byte nonces and 16-byte tags, in place.
//
// One object a thread and algorithm: the cipher context is made once and re-keyed for each message,
// because a resident context a session would cost 1.2 kB each way (docs/decisions/0004).
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace gatehouse::crypto {

enum class aead_algorithm : std::uint8_t { aes_256_gcm, chacha20_poly1305, aes_128_gcm };

inline constexpr std::size_t aead_key_size = 32;
inline constexpr std::size_t aes_128_key_size = 16;
inline constexpr std::size_t aead_nonce_size = 12;
inline constexpr std::size_t aead_tag_size = 16;

using aead_key = secret<aead_key_size>;
using aes_128_key = secret<aes_128_key_size>;
using aead_nonce = std::array<std::uint8_t, aead_nonce_size>;

class aead {
public:
    explicit aead(aead_algorithm algorithm);
    ~aead();
    aead(aead const&) = delete;
    aead& operator=(aead const&) = delete;

    // Encrypts `text` in place and writes the tag. The key has the algorithm's own length: 16 bytes
    // for AES-128, else 32.
    template <std::size_t N>
    void seal(
        secret<N> const& key,
        aead_nonce const& nonce,
        bytes additional,
        mutable_bytes text,
        std::span<std::uint8_t, aead_tag_size> tag
    )
    {
        seal_under(key.expose(), nonce, additional, text, tag);
    }

    // Decrypts `text` in place. False when the tag is wrong; `text` is then garbage that the caller
    // must not use.
    template <std::size_t N>
    [[nodiscard]] bool open(
        secret<N> const& key,
        aead_nonce const& nonce,
        bytes additional,
        mutable_bytes text,
        std::span<std::uint8_t const, aead_tag_size> tag
    )
    {
        return open_under(key.expose(), nonce, additional, text, tag);
    }

private:
    void seal_under(
        bytes key,
        aead_nonce const& nonce,
        bytes additional,
        mutable_bytes text,
        std::span<std::uint8_t, aead_tag_size> tag
    );
    bool open_under(
        bytes key,
        aead_nonce const& nonce,
        bytes additional,
        mutable_bytes text,
        std::span<std::uint8_t const, aead_tag_size> tag
    );

    std::size_t key_size_;
    struct contexts;
    std::unique_ptr<contexts> contexts_;
};

}  // namespace gatehouse::crypto
