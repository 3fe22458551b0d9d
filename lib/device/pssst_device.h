// The device's end of PSSST: makes requests, and opens the replies to them
// (docs/protocols/pssst.md, "Packets"). No sockets, no clock.
#pragma once

#include "base/bytes.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "crypto/x25519.h"
#include "protocol/pssst/key_schedule.h"
#include "protocol/pssst/packet.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace gatehouse::device {

// Why a packet is not the reply that is waited for. Another one may be.
enum class reply_fault : std::uint8_t {
    truncated,
    unsupported_cipher,
    not_reply,
    mismatch,  // to another request
    decrypt_failed,
    already_opened,
};

// The message of a reply, or why there is none.
class opened_reply {
public:
    explicit opened_reply(mutable_bytes message) : message_{message} {}
    explicit opened_reply(reply_fault fault) : fault_{fault} {}

    explicit operator bool() const noexcept { return !fault_; }
    mutable_bytes operator*() const noexcept { return message_; }
    reply_fault error() const { return fault_.value(); }

private:
    mutable_bytes message_;
    std::optional<reply_fault> fault_;
};

// A request that waits for its reply. A lost one is sent again as it is: the packet is never made
// anew from the same ephemeral key.
class pssst_request {
public:
    pssst_request(pssst::packet_keys&& keys, std::vector<std::uint8_t> packet);

    bytes packet() const noexcept { return packet_; }

    // The message in `reply`, which is decrypted in place.
    opened_reply open(crypto::workbench& crypto, mutable_bytes reply);
    bool has_reply() const noexcept { return opened_; }

private:
    pssst::packet_keys keys_;
    std::vector<std::uint8_t> packet_;
    bool opened_ = false;
};

class pssst_device {
public:
    // Anonymous. Both outlive the device.
    pssst_device(crypto::workbench& crypto, crypto::x25519_public const& gateway);
    // Proves the key whose private half this is. error::malformed_public_key when the gateway's is
    // of no use.
    static result<pssst_device> with_key(
        crypto::workbench& crypto,
        crypto::x25519_public const& gateway,
        crypto::x25519_private const& own
    );

    result<pssst_request> request(crypto::random_source& random, bytes message) const;

    static constexpr std::size_t anonymous_overhead = pssst::overhead;
    static constexpr std::size_t authenticated_overhead = pssst::overhead + pssst::proof_size;

private:
    struct identity {
        crypto::x25519_public own{};
        crypto::x25519_public with_gateway{};  // what both static keys make of each other
    };

    crypto::workbench* crypto_;
    crypto::x25519_public gateway_;
    std::optional<identity> identity_;
};

}  // namespace gatehouse::device
