// The device's end of USMP over a stream. Strict like the real devices: exact lengths, every
// checksum, the gateway's proof, exact sequence numbers and nonces.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/x25519.h"
#include "device/stream_device.h"
#include "device/usmp_channel.h"
#include "device/usmp_environment.h"
#include "device/usmp_handshake.h"
#include "protocol/output.h"

#include <cstddef>
#include <string_view>
#include <variant>

namespace gatehouse::device {

class usmp_device final : public stream_device {
public:
    // `env` outlives the device.
    usmp_device(usmp_environment& env, usmp_settings const& settings);

    // Draws the ephemeral key and writes HELLO. Called once, first.
    void start(output& out) override;
    result<std::size_t> receive(time_point now, mutable_bytes in, output& out) override;
    result<> send(bytes message, output& out) override;
    result<> ping(output& out) override;
    result<> bye(output& out) override;
    // New keys for both directions, started by the device. error::malformed_type before 1.2.
    result<> rekey(output& out) override;

    bool established() const noexcept override { return channel() != nullptr; }
    bool dismissed() const noexcept override
    {
        return channel() != nullptr && channel()->goodbye();
    }
    // "CHALLENGE", "SESSION_OK", "a message"; "nothing" before start.
    std::string_view awaits() const noexcept override;

    bytes session_id() const noexcept override { return channel()->id().get(); }
    std::uint32_t pongs() const noexcept override { return channel()->pongs(); }
    std::uint32_t rekeys() const noexcept override { return channel()->rekeys(); }

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
