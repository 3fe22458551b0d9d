// The gateway's half of the USMP handshake (docs/protocols/usmp.md, "Handshake").
//
// Two states, each holding only what is known in it; the ephemeral private key dies with the
// second.
#pragma once

#include "base/result.h"
#include "crypto/x25519.h"
#include "protocol/session.h"
#include "protocol/usmp/environment.h"
#include "protocol/usmp/key_schedule.h"
#include "protocol/usmp/messages.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace gatehouse::usmp {

struct awaiting_hello {};

struct awaiting_proof {
    transcript seen;
    crypto::x25519_private ephemeral;
    std::uint8_t version = 0;  // of the device's HELLO
};

// 0.2/0.3 only: what the first frame of the device will tell.
struct undecided {
    // Of 0.2: the keys that its other two labels would give.
    std::optional<std::array<crypto::aead_key, 2>> other_labels;
    std::optional<length_guess> guess;
};

// A device that proved itself: all that its session needs to start.
struct proven {
    profile const* how = nullptr;
    session_keys keys;
    session_ok answer;  // to be sent, the session id in it
    identity::key_window window;
    std::unique_ptr<undecided> open_questions;  // or nullptr
};

// Answers a HELLO with a CHALLENGE. An unknown device gets the same answer as a known one.
awaiting_proof answer_hello(
    environment& env, std::uint8_t version, hello const& message, wire_buffer& out
);

// Judges a HELLO_ACK and makes the SESSION_OK for a good one. Fills in the facts that it learns,
// also when it refuses. Errors: unproven_device, unproven_key; for a right proof
// unproven_expired_key, unproven_revoked_key, unproven_disabled_device, incompatible_generation,
// malformed_public_key. The numbers of keys derived and of MACs computed do not depend on whether
// the device is enrolled nor on which of its keys fits.
result<proven> judge_proof(
    environment& env,
    awaiting_proof const& state,
    hello_ack const& message,
    std::uint32_t sequence,
    session_facts& facts
);

}  // namespace gatehouse::usmp
