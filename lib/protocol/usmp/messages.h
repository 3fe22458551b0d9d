// The handshake messages (docs/protocols/usmp.md, "Handshake"): parse and write side by side.
//
// A value of one of these types cannot exist unless its length was exactly right.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hmac.h"
#include "crypto/x25519.h"
#include "identity/device_id.h"
#include "protocol/output.h"
#include "protocol/usmp/frame.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace gatehouse::usmp {

using device_bytes = std::array<std::uint8_t, identity::device_id::mac_size>;
using handshake_nonce = std::array<std::uint8_t, 32>;

struct hello {
    static constexpr std::size_t size = 38;
    device_bytes device{};
    crypto::x25519_public public_key{};

    static result<hello> parse(bytes payload) noexcept;
};

// What a datagram gateway may ask a device to repeat, to prove that its address is its own.
using address_cookie = std::array<std::uint8_t, 16>;

// A HELLO as datagrams carry it: the second one of a device brings the cookie of HELLO_RETRY.
struct datagram_hello {
    hello message;
    std::optional<address_cookie> cookie;

    static result<datagram_hello> parse(bytes payload) noexcept;
};

struct hello_retry {
    static constexpr std::size_t size = 16;
    address_cookie cookie{};

    static result<hello_retry> parse(bytes payload) noexcept;
};

struct challenge {
    static constexpr std::size_t size = 64;
    handshake_nonce nonce{};
    crypto::x25519_public public_key{};

    static result<challenge> parse(bytes payload) noexcept;
};

struct hello_ack {
    static constexpr std::size_t size = 32;
    crypto::hmac_tag proof{};

    static result<hello_ack> parse(bytes payload) noexcept;
};

// A session id on the wire: 4 or 16 bytes.
class wire_session_id {
public:
    wire_session_id() noexcept = default;
    explicit wire_session_id(bytes id) noexcept;

    bytes get() const noexcept { return bytes{data_}.first(size_); }

    // Its last two bytes, which are random whatever its length.
    std::uint16_t draw() const noexcept
    {
        return size_ < 2 ? 0
                         : static_cast<std::uint16_t>(data_[size_ - 2U] << 8 | data_[size_ - 1U]);
    }

private:
    std::array<std::uint8_t, 16> data_{};
    std::uint8_t size_ = 0;
};

struct session_ok {
    wire_session_id id;
    crypto::hmac_tag proof{};

    // The receiver knows which id length it expects.
    static result<session_ok> parse(bytes payload, std::size_t id_size) noexcept;
};

// One handshake frame, checksum included. `sequence` is 0 but for clients from 1.1 on.
struct handshake_frame {
    std::uint8_t version = 0;
    std::uint32_t sequence = 0;
};
void write(handshake_frame frame, hello const& message, wire_buffer& out);
void write(handshake_frame frame, datagram_hello const& message, wire_buffer& out);
void write(handshake_frame frame, hello_retry const& message, wire_buffer& out);
void write(handshake_frame frame, challenge const& message, wire_buffer& out);
void write(handshake_frame frame, hello_ack const& message, wire_buffer& out);
void write(handshake_frame frame, session_ok const& message, wire_buffer& out);

}  // namespace gatehouse::usmp
