// The frame of all USMP generations (docs/protocols/usmp.md, "Frame"): parse and write.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse::usmp {

inline constexpr std::array<std::uint8_t, 2> frame_magic{0xcd, 0xab};
inline constexpr std::size_t header_size = 12;
inline constexpr std::size_t additional_data_size = 10;  // the header without its checksum
inline constexpr std::size_t frame_type_offset = 3;
inline constexpr std::size_t payload_limit = 480;
inline constexpr std::size_t frame_limit = header_size + payload_limit;
inline constexpr std::uint32_t forbidden_sequence = 0xffffffff;

enum class frame_type : std::uint8_t {
    hello = 0x01,
    challenge = 0x02,
    hello_ack = 0x03,
    session_ok = 0x04,
    data = 0x05,
    ping = 0x06,
    pong = 0x07,
    bye = 0x08,
    data_frag = 0x09,
    hello_retry = 0x0a,
    rekey = 0x0b,
};

// Is it one of the encrypted types, which follow the handshake?
constexpr bool is_session_type(frame_type type) noexcept
{
    switch (type) {
    case frame_type::data:
    case frame_type::ping:
    case frame_type::pong:
    case frame_type::bye:
    case frame_type::data_frag:
    case frame_type::rekey:
        return true;
    default:
        return false;
    }
}

struct frame_header {
    std::uint8_t version = 0;
    frame_type type{};
    std::uint32_t sequence = 0;
    std::uint16_t length = 0;  // of the payload
    std::uint16_t checksum = 0;

    std::size_t frame_size() const noexcept { return header_size + length; }
};

// Could these first bytes (any number) still become a frame?
bool starts_like_a_frame(bytes received) noexcept;

// The header at the front of at least header_size bytes. Errors: malformed_magic,
// malformed_oversize. Version and type are the caller's to judge.
result<frame_header> parse_header(bytes received) noexcept;

// Does the checksum of this whole frame match?
bool checksum_matches(frame_header const& header, bytes frame) noexcept;

// Writes everything but the checksum; the payload stands (or will stand) behind it.
void write_header(frame_header const& header, mutable_bytes frame) noexcept;

// Fills in the checksum of a whole frame whose header and payload are written.
void write_checksum(mutable_bytes frame) noexcept;

}  // namespace gatehouse::usmp
