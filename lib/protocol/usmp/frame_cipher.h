// Encrypted frames: seal and open one (docs/protocols/usmp.md, "Session frames").
//
// Used by both ends: the gateway's session and the device side of the simulator.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/aead.h"
#include "protocol/output.h"
#include "protocol/usmp/frame.h"
#include "protocol/usmp/messages.h"
#include "protocol/usmp/profile.h"

#include <cstdint>

namespace gatehouse::usmp {

// One direction of a session: its key and the sequence number of its next frame.
struct direction {
    crypto::aead_key key;
    std::uint32_t next = 0;
};

// What does not change during a session.
struct frame_context {
    profile const& how;
    wire_session_id const& id;
    crypto::aead& cipher;
};

// The bytes that a frame with this much plaintext carries in its payload.
std::size_t sealed_size(profile const& how, std::size_t plaintext) noexcept;

// Appends one sealed frame and advances `to`. `plaintext` is at most how.max_plaintext.
void seal_frame(
    frame_context context, frame_type type, direction& to, bytes plaintext, wire_buffer& out
);

// Opens a whole frame in place with `key` and returns its plaintext. Judges length, nonce and tag,
// not checksum, version, type or sequence. Errors: malformed_length, malformed_nonce,
// unproven_frame.
result<mutable_bytes> open_frame(
    frame_context context,
    frame_header const& header,
    crypto::aead_key const& key,
    mutable_bytes frame
);

}  // namespace gatehouse::usmp
