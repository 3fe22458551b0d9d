// The hello, which both sides send once (docs/protocols/spp.md, "Hello"): parse and write.
//
// Also what a stream of this protocol, or of its relatives, looks like from its first bytes.
#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "crypto/x25519.h"
#include "protocol/output.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::spp {

inline constexpr std::size_t length_size = 8;  // in front of hello and records, little-endian

struct hello {
    static constexpr std::size_t payload_size =
        crypto::ed25519_signature_size + crypto::x25519_size;
    static constexpr std::size_t size = length_size + payload_size;

    crypto::ed25519_signature signature{};  // over the 32 bytes of `ephemeral`
    crypto::x25519_public ephemeral{};

    // A whole frame, length included. Error: malformed_length.
    static result<hello> parse(bytes frame) noexcept;
};

void write(hello const& message, wire_buffer& out);

// What the first bytes of a connection amount to.
struct first_bytes {
    enum class form : std::uint8_t {
        unclear,  // more bytes needed
        hello,    // a whole one; what stands behind it was not looked at
        refused,  // for the reason in `why`
    };
    form what = form::unclear;
    error why{};
    std::string_view foreign;  // with incompatible_generation: which was seen; static storage
};

// Refuses with malformed_length, malformed_magic, or incompatible_generation for the forms of Rust
// releases that can be told apart.
first_bytes judge(bytes received) noexcept;

}  // namespace gatehouse::spp
