// The outer shape of PSSST packets, and the checks that need no key (docs/protocols/pssst.md,
// "Packets").
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/aead.h"
#include "crypto/x25519.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse::pssst {

inline constexpr std::uint16_t reply_flag = 0x8000;
inline constexpr std::uint16_t client_flag = 0x4000;  // the request proves a client key
inline constexpr std::uint16_t no_suite = 0;          // known, but of no use to anybody
inline constexpr std::uint16_t only_suite = 1;        // X25519, SHA-256, AES-128-GCM

inline constexpr std::size_t header_size = 4;
inline constexpr std::size_t dh_size = crypto::x25519_size;
inline constexpr std::size_t body_offset = header_size + dh_size;
inline constexpr std::size_t overhead = body_offset + crypto::aead_tag_size;

// The client's public key and the ephemeral private key, in front of an authenticated message.
inline constexpr std::size_t proof_size = 2 * crypto::x25519_size;

using header_bytes = std::array<std::uint8_t, header_size>;
using dh_value = crypto::x25519_public;

struct packet_head {
    header_bytes header{};  // as received: the associated data
    dh_value dh{};

    bool has_client() const noexcept;
};

// Of a request that has room for everything but its message. In the order in which they are found:
// malformed_truncated (no header), incompatible_suite (unknown), malformed_reply_flag,
// incompatible_suite (none), malformed_truncated (no DH value or no tag).
result<packet_head> parse_request(bytes packet);

// Who made a request: an anonymous client, or one that proves its key.
enum class client_kind : std::uint8_t { anonymous, authenticated };

// What stands in front of a request, and of the reply to it: reserved bits are never sent.
header_bytes request_header(client_kind from) noexcept;
header_bytes reply_header(client_kind to) noexcept;

}  // namespace gatehouse::pssst
