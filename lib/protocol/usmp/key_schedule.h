// Proofs, session keys and nonces of every generation (docs/protocols/usmp.md, "Proofs and keys").
#pragma once

#include "base/bytes.h"
#include "base/secret.h"
#include "crypto/aead.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/x25519.h"
#include "protocol/usmp/messages.h"
#include "protocol/usmp/profile.h"

#include <cstdint>
#include <string_view>

namespace gatehouse::usmp {

// What both proofs are computed over, known to both sides after CHALLENGE.
struct transcript {
    handshake_nonce nonce{};
    device_bytes device{};
    crypto::x25519_public device_key{};
    crypto::x25519_public gateway_key{};
};

// The device's proof that it knows `psk`, in the form of `how`.
crypto::hmac_tag device_proof(
    crypto::hmac_sha256& hmac, profile const& how, bytes psk, transcript const& seen
);

// The gateway's proof, which also fixes the session id.
crypto::hmac_tag gateway_proof(
    crypto::hmac_sha256& hmac,
    profile const& how,
    bytes psk,
    transcript const& seen,
    wire_session_id const& id
);

// One key a direction; the same key twice in generations that have only one.
struct session_keys {
    crypto::aead_key uplink;    // device to gateway
    crypto::aead_key downlink;  // gateway to device
};

// `label` is the profile's, or one of labels_0_2().
session_keys derive_keys(
    crypto::hkdf_sha256& hkdf,
    profile const& how,
    std::string_view label,
    crypto::x25519_shared const& shared,
    transcript const& seen
);

using rekey_salt = std::array<std::uint8_t, 32>;

// New transmit keys of both sides after a REKEY frame.
struct rekeyed {
    crypto::aead_key initiator;
    crypto::aead_key responder;
};

rekeyed derive_rekey(
    crypto::hkdf_sha256& hkdf,
    crypto::aead_key const& initiator_transmit,
    crypto::aead_key const& initiator_receive,
    rekey_salt const& salt,
    wire_session_id const& id
);

// The nonce of frame `sequence`: computed by all generations but 0.3, whose devices draw their own.
crypto::aead_nonce frame_nonce(std::uint32_t sequence, wire_session_id const& id) noexcept;

}  // namespace gatehouse::usmp
