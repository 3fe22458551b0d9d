// The device's end of USMP over a stream, as a state machine: bytes and times go in, bytes and
// messages come out. For gatehouse-sim and for the tests that let both ends talk.
//
// No sockets, clocks, threads or logs. Strict like the real devices: exact lengths, every checksum,
// the gateway's proof, exact sequence numbers and nonces. After an error of `receive` only the
// destructor may be called.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/x25519.h"
#include "device/usmp_channel.h"
#include "device/usmp_environment.h"
#include "device/usmp_handshake.h"
#include "protocol/output.h"

#include <cstddef>
#include <string_view>
#include <variant>

namespace gatehouse::device {

class usmp_device {
public:
    // `env` outlives the device.
    usmp_device(usmp_environment& env, usmp_settings const& settings);

    // Draws the ephemeral key and writes HELLO. Called once, first.
    void start(output& out);

    // Takes bytes of the gateway and returns how many it consumed; the caller shows the rest again
    // in front of what arrives next. Decrypts in place: messages of the gateway go to `out.up`,
    // which points into `in` or into memory that `out` holds; frames for the gateway to `out.wire`.
    // Stops behind the gateway's BYE.
    result<std::size_t> receive(time_point now, mutable_bytes in, output& out);

    // The following need an established session: error::internal_closed without one.

    // One message, fragmented as needed. error::limit_message_size when it cannot fit (the session
    // goes on).
    result<> send(bytes message, output& out);
    result<> ping(output& out);
    // Nothing may be sent afterwards.
    result<> bye(output& out);
    // New keys for both directions, started by the device. error::malformed_type before 1.2.
    result<> rekey(output& out);

    bool established() const noexcept { return channel() != nullptr; }

    // The gateway said BYE.
    bool dismissed() const noexcept { return channel() != nullptr && channel()->goodbye(); }

    // What the device waits for: "CHALLENGE", "SESSION_OK", "a message"; "nothing" before start.
    std::string_view awaits() const noexcept;

    // The established session, for its id and counters, or nullptr.
    usmp_channel const* channel() const noexcept { return std::get_if<usmp_channel>(&state_); }

private:
    struct fresh {};
    struct awaiting_challenge {
        crypto::x25519_key_pair ephemeral;
    };
    struct awaiting_session_ok {
        usmp_challenged challenged;
    };
    struct gone {};  // said BYE

    result<> take(
        time_point now, usmp::frame_header const& header, mutable_bytes frame, output& out
    );
    result<> on_challenge(
        usmp::frame_header const& header, bytes payload, awaiting_challenge& state, output& out
    );
    result<> on_session_ok(
        usmp::frame_header const& header, bytes payload, awaiting_session_ok& state
    );

    usmp_environment& env_;
    usmp_settings settings_;
    std::variant<fresh, awaiting_challenge, awaiting_session_ok, usmp_channel, gone> state_;
};

}  // namespace gatehouse::device
