// Opening a request with one key of the gateway (docs/protocols/pssst.md, "Opening a request").
#pragma once

#include "base/result.h"
#include "crypto/workbench.h"
#include "crypto/x25519.h"
#include "protocol/pssst/packet.h"
#include "protocol/pssst/reply.h"

#include <optional>

namespace gatehouse::pssst {

struct opened_request {
    mutable_bytes message;                        // within the packet
    std::optional<crypto::x25519_public> client;  // whose key the sender proved
    reply_sealer reply;
};

// Decrypts in place; `head` is what parse_request made of the packet. Errors: malformed_public_key
// (the DH value has low order), unproven_frame (the packet is garbage afterwards), unproven_client.
result<opened_request> open_request(
    crypto::workbench& crypto,
    crypto::x25519_agreement& ours,
    packet_head const& head,
    mutable_bytes packet
);

}  // namespace gatehouse::pssst
