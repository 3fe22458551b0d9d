// The wire generations of USMP as data (docs/protocols/usmp.md, "Generations").
#pragma once

#include "base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace gatehouse::usmp {

// What a listener's `generations` setting names.
enum class generation_setting : std::uint8_t { v1, v1_bound, v2 };

constexpr std::string_view name_of(generation_setting setting) noexcept
{
    switch (setting) {
    case generation_setting::v1:
        return "1";
    case generation_setting::v1_bound:
        return "1-bound";
    case generation_setting::v2:
        return "2";
    }
    return "";
}

enum class nonce_rule : std::uint8_t {
    implicit,      // computed by both sides, not on the wire
    carried,       // in front of the ciphertext, any value accepted
    carried_exact  // in front of the ciphertext, must be the computed one
};

struct profile {
    std::string_view release;      // as records and logs show it
    generation_setting setting;    // which setting admits it
    std::uint8_t version;          // version byte of every frame
    std::uint8_t session_id_size;  // 4 or 16
    nonce_rule nonce;
    bool transcript_prefix;       // MAC input starts with magic, version and type
    bool transcript_keys;         // MAC input ends with both public keys
    bool directional_keys;        // one key a direction
    std::string_view label;       // HKDF info label
    std::uint8_t max_frames;      // frames a message
    std::uint16_t max_plaintext;  // bytes a frame
    bool can_rekey;               // REKEY is part of the generation

    std::size_t message_limit() const noexcept { return std::size_t{max_frames} * max_plaintext; }
    // Over datagrams: 0.4.7 and 0.5 number frames without gaps and take none but the next one. They
    // tell a repetition from it only when they have opened it (docs/protocols/usmp.md, "Devices
    // that take frames in order").
    bool takes_in_order() const noexcept { return !transcript_prefix; }
    std::size_t nonce_size() const noexcept { return nonce == nonce_rule::implicit ? 0 : 12; }
};

// Named after their releases. `r0_3` also serves the 0.4.x releases before 0.4.7: the gateway sends
// the computed nonce, which they demand, and accepts any, which 0.3 needs.
extern profile const r0_2;
extern profile const r0_3;
extern profile const r0_4_7;
extern profile const r0_5;
extern profile const r1_0;
extern profile const r1_2;

// The setting that admits `release`, one of the profiles' own.
generation_setting setting_of(std::string_view release) noexcept;

// HELLO_ACK's sequence number from release 1.1 on; before it was 0.
inline constexpr std::uint32_t hello_ack_sequence_1_1 = 2;

// HKDF labels of the 0.2 line, likeliest first: two builds of it differ from the release.
std::span<std::string_view const> labels_0_2() noexcept;

// The profiles that a HELLO of this version byte may turn out to be, one for each distinct form of
// the client's proof, newest first; empty for a version that nobody speaks.
std::span<profile const* const> candidates(std::uint8_t version) noexcept;

}  // namespace gatehouse::usmp
