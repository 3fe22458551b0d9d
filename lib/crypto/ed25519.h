// Ed25519 (RFC 8032): no prehash, no context.
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace gatehouse::crypto {

inline constexpr std::size_t ed25519_size = 32;
inline constexpr std::size_t ed25519_signature_size = 64;

using ed25519_public = std::array<std::uint8_t, ed25519_size>;
using ed25519_private = secret<ed25519_size>;  // the seed
using ed25519_signature = std::array<std::uint8_t, ed25519_signature_size>;

ed25519_public ed25519_public_of(ed25519_private const& seed);

// One thread's context: made once, used for any number of keys.
class ed25519 {
public:
    ed25519();
    ~ed25519();
    ed25519(ed25519 const&) = delete;
    ed25519& operator=(ed25519 const&) = delete;

    // `own_public` is the public half of `seed`, which is not computed again.
    ed25519_signature sign(
        ed25519_private const& seed, ed25519_public const& own_public, bytes message
    );

    // False also when `from` is no point of the curve. It does not refuse keys of small order,
    // under which anybody can sign: who registers keys does (identity/public_key.h).
    bool verify(
        ed25519_public const& from,
        bytes message,
        std::span<std::uint8_t const, ed25519_signature_size> signature
    );

private:
    struct contexts;
    std::unique_ptr<contexts> contexts_;
};

}  // namespace gatehouse::crypto
