// X25519 (RFC 7748).
#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "crypto/random.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace gatehouse::crypto {

inline constexpr std::size_t x25519_size = 32;

using x25519_public = std::array<std::uint8_t, x25519_size>;
using x25519_private = secret<x25519_size>;
using x25519_shared = secret<x25519_size>;

struct x25519_key_pair {
    x25519_private private_key;
    x25519_public public_key{};
};

// A fresh pair; the private half is 32 bytes drawn from `random`.
x25519_key_pair make_x25519_key_pair(random_source& random);

x25519_public x25519_public_of(x25519_private const& private_key);

// An own pair that agrees with many peers: loaded once. One object a thread.
class x25519_agreement {
public:
    x25519_agreement(x25519_private const& own, x25519_public const& own_public);
    ~x25519_agreement();
    x25519_agreement(x25519_agreement const&) = delete;
    x25519_agreement& operator=(x25519_agreement const&) = delete;
    x25519_agreement(x25519_agreement&&) noexcept;
    x25519_agreement& operator=(x25519_agreement&&) noexcept;

    // The shared secret with a peer. error::malformed_public_key when the peer's key is of low
    // order, that is when the secret would be all zeros.
    result<x25519_shared> with(x25519_public const& peer);

private:
    struct context;
    std::unique_ptr<context> context_;
};

// The same for a pair that is used once.
result<x25519_shared> x25519_agree(
    x25519_private const& own, x25519_public const& own_public, x25519_public const& peer
);

// The same of any 32 bytes and a point, where the scalar has no pair: nothing about it is kept or
// checked, and it is clamped as it is used.
result<x25519_shared> x25519_multiply(x25519_private const& scalar, x25519_public const& point);

}  // namespace gatehouse::crypto
