// Frames as 0.3 devices seal them: with a nonce drawn at random, where every other end computes it
// (docs/protocols/usmp.md, "0.3"). The gateway opens them with protocol/usmp/frame_cipher.h.
#pragma once

#include "base/bytes.h"
#include "crypto/random.h"
#include "protocol/output.h"
#include "protocol/usmp/frame_cipher.h"

namespace gatehouse::device {

struct outgoing_frame {
    usmp::frame_type type{};
    usmp::direction& to;
    bytes plaintext;  // at most how.max_plaintext
};

// Appends the sealed frame and advances its direction.
void seal_with_drawn_nonce(
    usmp::frame_context context,
    crypto::random_source& random,
    outgoing_frame message,
    wire_buffer& out
);

}  // namespace gatehouse::device
