// Public keys of devices and gateways, and which of them nobody should be known by.
#pragma once

#include "base/secret.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::identity {

// What the keys of a credential set are.
// `secret`: one a device, with what only its protocol knows (identity/credential_extras.h).
enum class key_kind : std::uint8_t { psk, ed25519, x25519, secret };

inline constexpr std::size_t public_key_size = 32;
using public_key = std::array<std::uint8_t, public_key_size>;
using private_key = secret<public_key_size>;

// Of a pair that is `kind`, which is not psk. An Ed25519 private key is its seed.
public_key public_half(private_key const& own, key_kind kind);

// Why a device must not be listed with this key; empty: it may. Keys of small order prove nothing,
// and a key with several spellings would be several devices (docs/reference/credentials.md,
// "Public keys").
std::string_view why_unfit(public_key const& key, key_kind kind) noexcept;

}  // namespace gatehouse::identity
