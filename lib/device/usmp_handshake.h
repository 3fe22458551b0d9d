// What a device computes in a handshake (docs/protocols/usmp.md, "Handshake", "Proofs and keys"),
// whatever carries the frames.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/x25519.h"
#include "device/usmp_environment.h"
#include "protocol/usmp/key_schedule.h"
#include "protocol/usmp/messages.h"

namespace gatehouse::device {

// After CHALLENGE, until SESSION_OK.
struct usmp_challenged {
    usmp::transcript seen;
    usmp::session_keys keys;
};

// Takes the payload of CHALLENGE. Errors: malformed_length, malformed_public_key.
result<usmp_challenged> take_challenge(
    usmp_environment& env,
    usmp_settings const& settings,
    crypto::x25519_key_pair const& ephemeral,
    bytes payload
);

// The answer to it.
usmp::hello_ack make_hello_ack(
    usmp_environment& env, usmp_settings const& settings, usmp_challenged const& state
);

// Takes the payload of SESSION_OK and returns the session's id. Errors: malformed_length;
// unproven_key when the gateway does not know the device's.
result<usmp::wire_session_id> take_session_ok(
    usmp_environment& env,
    usmp_settings const& settings,
    usmp_challenged const& state,
    bytes payload
);

}  // namespace gatehouse::device
