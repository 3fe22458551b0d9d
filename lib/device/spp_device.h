// The device's end of SPP (docs/protocols/spp.md).
//
// Strict where the Python releases are: exact lengths, the gateway's signature, exact numbers.
#pragma once

#include "crypto/random.h"
#include "crypto/workbench.h"
#include "crypto/x25519.h"
#include "device/stream_device.h"
#include "protocol/spp/generation.h"
#include "protocol/spp/record.h"

#include <variant>

namespace gatehouse::device {

// Owned by the devices' owner, used on one thread; outlives the devices.
struct spp_environment {
    crypto::workbench& crypto;
    crypto::random_source& random;
};

enum class first_speaker : std::uint8_t { device, gateway };

struct spp_settings {
    spp::generation how = spp::generation::py_0_2;
    crypto::ed25519_private const* key = nullptr;  // its owner outlives the device
    crypto::ed25519_public own{};                  // its public half
    crypto::ed25519_public gateway{};
    first_speaker first = first_speaker::device;
    std::size_t message_limit = std::size_t{64} << 10;
};

class spp_device final : public stream_device {
public:
    // `env` outlives the device.
    spp_device(spp_environment& env, spp_settings const& settings) : env_{env}, settings_{settings}
    {
    }

    void start(output& out) override;
    // Errors: malformed_length, unproven_own_key, unproven_key (another gateway's signature),
    // malformed_public_key, malformed_oversize, unproven_reflection, unproven_frame,
    // unproven_replay, unproven_sequence.
    result<std::size_t> receive(time_point now, mutable_bytes in, output& out) override;
    result<> send(bytes message, output& out) override;
    result<> ping(output& out) override;
    result<> rekey(output& out) override;
    // The protocol has none: the connection just ends.
    result<> bye(output& out) override;

    // Both hellos are there. Nobody tells a device whether it is authenticated.
    bool established() const noexcept override { return std::holds_alternative<talking>(state_); }
    bool dismissed() const noexcept override { return false; }
    std::string_view awaits() const noexcept override;
    bytes session_id() const noexcept override { return {}; }
    std::uint32_t pongs() const noexcept override { return 0; }
    std::uint32_t rekeys() const noexcept override { return 0; }

private:
    struct fresh {};
    struct awaiting_hello {
        crypto::x25519_key_pair ephemeral;
        bool spoke = false;
    };
    struct talking {
        crypto::aead_key key;
        spp::nonce_prefix prefix{};
        std::uint32_t sent = 0;
        std::uint32_t received = 0;
    };
    struct gone {};

    void say_hello(crypto::x25519_public const& ephemeral, output& out);
    result<std::size_t> take_hello(awaiting_hello& state, bytes in, output& out);
    result<std::size_t> take_record(talking& state, mutable_bytes in, output& out);

    spp_environment& env_;
    spp_settings settings_;
    std::variant<fresh, awaiting_hello, talking, gone> state_;
};

}  // namespace gatehouse::device
