// UTACK, the acknowledgement of one datagram (docs/protocols/usmp.md, "Acknowledgements"): parse
// and write.
#pragma once

#include "base/bytes.h"
#include "crypto/aead.h"
#include "crypto/hmac.h"
#include "protocol/output.h"
#include "protocol/usmp/frame.h"
#include "protocol/usmp/profile.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace gatehouse::usmp {

inline constexpr std::array<std::uint8_t, 2> ack_magic{0xac, 0xac};
inline constexpr std::size_t ack_size = 7;
inline constexpr std::size_t ack_mac_size = 8;
using ack_mac = std::array<std::uint8_t, ack_mac_size>;

// Which frame is meant.
struct acked_frame {
    frame_type type{};
    std::uint32_t sequence = 0;
    bool operator==(acked_frame const&) const noexcept = default;
};

struct transport_ack {
    acked_frame what;
    std::optional<ack_mac> mac;

    // Nothing when these bytes are no UTACK: wrong magic, or neither 7 nor 15 bytes.
    static std::optional<transport_ack> parse(bytes datagram) noexcept;
};

// The proof in a UTACK of a session frame: `key` is the one that the frame was encrypted with.
ack_mac prove_ack(crypto::hmac_sha256& hmac, acked_frame what, crypto::aead_key const& key);

// Without a proof: handshake frames of all generations, and all frames of 0.4.7.
void write_ack(acked_frame what, wire_buffer& out);
// With one: session frames of every generation that has a key for each direction.
void write_ack(acked_frame what, ack_mac const& proof, wire_buffer& out);

// Does a UTACK of a session frame prove itself by a MAC in this generation? (0.5 writes none.)
bool acks_are_proven(profile const& how) noexcept;

}  // namespace gatehouse::usmp
