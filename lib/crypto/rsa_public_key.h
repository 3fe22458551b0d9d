// RSA public keys whose owner only seals: what rsa_private_key opens (crypto/rsa_oaep.h).
#pragma once

#include "base/bytes.h"
#include "crypto/rsa_oaep.h"

#include <cstddef>
#include <memory>
#include <optional>

namespace gatehouse::crypto {

// Immutable; any number of threads may seal at the same time.
class rsa_public_key {
public:
    // SubjectPublicKeyInfo in PEM. Nothing when it is no RSA key, or not within smallest_rsa and
    // largest_rsa.
    static std::optional<rsa_public_key> read(bytes pem);

    ~rsa_public_key();
    rsa_public_key(rsa_public_key&&) noexcept;
    rsa_public_key& operator=(rsa_public_key&&) noexcept;
    rsa_public_key(rsa_public_key const&) = delete;
    rsa_public_key& operator=(rsa_public_key const&) = delete;

    // Of the modulus, and so of each block: bytes.
    std::size_t size() const noexcept;

    // Of at most 190 bytes, which fit any of the keys; `block` has size() bytes. The padding is
    // drawn by the library. False when the key is of no use, which nobody knows before: it came
    // from outside.
    [[nodiscard]] bool seal(bytes text, mutable_bytes block) const;

private:
    struct holder;
    explicit rsa_public_key(std::unique_ptr<holder> key);

    std::unique_ptr<holder> key_;
};

}  // namespace gatehouse::crypto
