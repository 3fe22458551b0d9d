// RSA private keys whose owner only opens: OAEP with SHA-256, MGF1 with SHA-256, no label (RFC
// 8017, section 7.1).
#pragma once

#include "base/bytes.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace gatehouse::crypto {

inline constexpr unsigned smallest_rsa = 2048;  // bits of the modulus
inline constexpr unsigned largest_rsa = 4096;

// Immutable; any number of threads may open at the same time.
class rsa_private_key {
public:
    // Takes a fraction of a second, several for 4096 bits. Nothing: the library failed.
    static std::optional<rsa_private_key> generate(unsigned bits);

    // PKCS#8 or PKCS#1, not encrypted. Nothing when it is no RSA key, or not within the sizes
    // above.
    static std::optional<rsa_private_key> read(bytes pem);

    ~rsa_private_key();
    rsa_private_key(rsa_private_key&&) noexcept;
    rsa_private_key& operator=(rsa_private_key&&) noexcept;
    rsa_private_key(rsa_private_key const&) = delete;
    rsa_private_key& operator=(rsa_private_key const&) = delete;

    // SubjectPublicKeyInfo in PEM: lines of 64 characters, each with its end.
    std::string public_pem() const;

    // Of the modulus, and so of each block: bytes.
    std::size_t size() const noexcept;

    // Opens a block into `out`; the size of what was in it. Nothing when it is not one of this key,
    // or holds more than `out` takes: why is not told. Takes about as long in any case.
    std::optional<std::size_t> open(bytes block, mutable_bytes out) const;

private:
    struct holder;
    explicit rsa_private_key(std::unique_ptr<holder> key);

    std::unique_ptr<holder> key_;
};

}  // namespace gatehouse::crypto
