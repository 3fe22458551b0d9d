// The gateway's half of the SPP handshake: whose hello it is, and the answer that this device
// expects (docs/protocols/spp.md, "Handshake").
//
// Three states, each holding only what is known in it. A device is authenticated when its first
// record opens, not before: its hello may be anybody's copy.
#pragma once

#include "base/address.h"
#include "base/result.h"
#include "crypto/x25519.h"
#include "protocol/output.h"
#include "protocol/session.h"
#include "protocol/spp/environment.h"
#include "protocol/spp/hello.h"
#include "protocol/spp/record.h"

#include <memory>

namespace gatehouse::spp {

// Sent to a device that was silent: it expects the gateway to speak first.
struct greeting {
    crypto::x25519_key_pair ephemeral;
    identity::key_index gateway_key = 0;
};

struct awaiting_hello {
    std::unique_ptr<greeting> sent;  // null: nothing was
};

// Both hellos are there. The ephemeral private key is gone already.
struct awaiting_first_record {
    struct agreed {
        crypto::x25519_shared shared;
        identity::public_key device_key{};   // that signed the hello
        identity::public_key gateway_key{};  // that signed the answer
    };
    std::unique_ptr<agreed const> between;
};

// A device that proved itself: all that its session needs to start.
struct proven {
    generation how{};
    crypto::aead_key key;
    identity::key_window window;
};

// Speaks first, signed with the newest gateway key that is accepted now. Error:
// unproven_expired_key when there is none.
result<awaiting_hello> greet(environment& env, wire_buffer& out);

struct arrived_hello {
    hello const& message;
    peer_address const& from;
    time_point when;
};

// Judges a hello and answers it, unless the answer was sent already. Fills in the facts that it
// learns, also when it refuses. Errors: unproven_own_key, unproven_signature,
// unproven_own_identity, unproven_gateway_key, unproven_expired_key, unproven_revoked_key,
// unproven_disabled_device, malformed_public_key, limit_hello_trials. At most `trial_keys`
// signatures are verified, and no more of strangers than the `trial_budget` has.
result<awaiting_first_record> judge_hello(
    environment& env,
    awaiting_hello const& state,
    arrived_hello const& arrived,
    session_facts& facts,
    wire_buffer& out
);

// Opens the first record, whole, in place with the key of each generation, and judges the device's
// key once more. On success `payload` is the record's, and the facts say that the device is
// authenticated. Errors: unproven_frame, unproven_sequence, unproven_replay, malformed_length; for
// a record that opened: incompatible_generation, and as judge_hello.
struct first_record {
    proven device;
    bytes payload;
};
result<first_record> judge_first_record(
    environment& env, awaiting_first_record const& state, mutable_bytes record, session_facts& facts
);

}  // namespace gatehouse::spp
