// A USMP device of any generation, written from the protocol's description alone
// (docs/protocols/usmp.md): it shares no code with lib/protocol, so that what both agree on is
// right.
//
// It is as strict as the real devices are with what the gateway sends, and as free as an attacker
// in what it sends itself: `seal_as` makes frames that its own counters would not make.
#pragma once

#include "support/byte_string.h"
#include "support/reference_crypto.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace gatehouse::test {

enum class wire_generation : std::uint8_t { a, b, c, d1, d2, d3 };

inline constexpr wire_generation all_generations[] = {
    wire_generation::a,
    wire_generation::b,
    wire_generation::c,
    wire_generation::d1,
    wire_generation::d2,
    wire_generation::d3,
};

// "A" to "D3".
std::string name_of(wire_generation generation);
wire_generation generation_of(std::string_view name);

// How gtest names it.
inline void PrintTo(wire_generation generation, std::ostream* out)
{
    *out << name_of(generation);
}

namespace wire_type {

inline constexpr std::uint8_t hello = 0x01;
inline constexpr std::uint8_t challenge = 0x02;
inline constexpr std::uint8_t hello_ack = 0x03;
inline constexpr std::uint8_t session_ok = 0x04;
inline constexpr std::uint8_t data = 0x05;
inline constexpr std::uint8_t ping = 0x06;
inline constexpr std::uint8_t pong = 0x07;
inline constexpr std::uint8_t bye = 0x08;
inline constexpr std::uint8_t data_frag = 0x09;
inline constexpr std::uint8_t hello_retry = 0x0a;
inline constexpr std::uint8_t rekey = 0x0b;

}  // namespace wire_type

class reference_device {
public:
    struct setup {
        wire_generation generation = wire_generation::d3;
        byte_string psk;
        byte_string device_id;
        byte_string private_key = pattern_bytes(32, 1);
        std::string label{};  // "" is the generation's own
        reference::cipher cipher = reference::cipher::aes_256_gcm;
    };

    explicit reference_device(setup with);

    // Handshake. What takes a frame returns false when a real device would hang up.
    byte_string hello() const;
    bool take_challenge(bytes frame);
    byte_string hello_ack() const;
    bool take_session_ok(bytes frame);

    // The next frames of this device; `message` cuts its text into fragments.
    byte_string message(bytes text);
    byte_string seal(std::uint8_t type, bytes text = {});
    byte_string rekey(bytes salt);

    // Over UDP: the HELLO that repeats a cookie.
    byte_string hello(bytes cookie) const;
    // Over UDP: the UTACK of a frame of the gateway, which must not be opened before (a REKEY
    // changes the key); and the UTACK that the gateway owes for a frame of this device's present
    // key.
    byte_string ack_of(bytes frame) const;
    byte_string owed_ack(bytes frame) const;
    // Over UDP, from 0.6 on: frames up to this number never came.
    void skip_to(std::uint32_t sequence) { receive_sequence_ = sequence; }

    // A frame of any type and number under the current key; counters stay.
    byte_string seal_as(std::uint8_t type, std::uint32_t sequence, bytes text);

    // The gateway's next frame: its text, or nothing when it is not in order. Follows a REKEY.
    struct opened {
        std::uint8_t type = 0;
        byte_string text;
    };
    std::optional<opened> open(bytes frame);

    // The nonce of the next frame that this device seals, where its generation lets it choose (B).
    void choose_nonce(byte_string nonce) { chosen_nonce_ = std::move(nonce); }

    std::size_t max_plaintext() const;
    std::size_t message_limit() const;
    byte_string const& session_id() const { return session_id_; }
    byte_string const& transmit_key() const { return transmit_key_; }
    byte_string const& receive_key() const { return receive_key_; }
    std::uint32_t transmit_sequence() const { return transmit_sequence_; }
    std::uint32_t receive_sequence() const { return receive_sequence_; }
    wire_generation generation() const { return with_.generation; }

    static byte_string frame(
        std::uint8_t version, std::uint8_t type, std::uint32_t sequence, bytes payload
    );

private:
    bool is(wire_generation oldest) const { return with_.generation >= oldest; }
    std::uint8_t version() const { return is(wire_generation::d1) ? 2 : 1; }
    byte_string proof(std::uint8_t carrier, bytes name) const;
    byte_string nonce_of(std::uint32_t sequence) const;
    void derive_keys();
    byte_string derive_rekey(bytes transmit, bytes receive, bytes salt) const;

    setup with_;
    byte_string public_key_;
    byte_string challenge_nonce_;
    byte_string gateway_key_;
    byte_string session_id_;
    byte_string transmit_key_;
    byte_string receive_key_;
    std::uint32_t transmit_sequence_ = 0;
    std::uint32_t receive_sequence_ = 0;
    byte_string chosen_nonce_;
};

// The UTACK of a frame: seven bytes, and with a key also the proof.
byte_string transport_ack_of(bytes frame);
byte_string transport_ack_of(bytes frame, bytes key);

// Recomputes the checksum of a frame that was changed on purpose.
void mend_checksum(byte_string& frame);

// The header fields of a whole frame.
std::uint8_t type_of(bytes frame);
std::uint32_t sequence_of(bytes frame);
std::size_t length_of(bytes frame);

}  // namespace gatehouse::test
