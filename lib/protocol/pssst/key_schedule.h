// The key and the nonces of one request and its reply (docs/protocols/pssst.md, "Key schedule").
#pragma once

#include "crypto/aead.h"
#include "crypto/sha256.h"
#include "protocol/pssst/packet.h"

namespace gatehouse::pssst {

// One key for both directions; each nonce may seal one message, ever.
struct packet_keys {
    crypto::aes_128_key key;
    crypto::aead_nonce request{};
    crypto::aead_nonce reply{};
};

// `dh` as it stands on the wire, whatever point it spells.
packet_keys derive(crypto::sha256& hash, dh_value const& dh, crypto::x25519_shared const& shared);

}  // namespace gatehouse::pssst
