// A device that speaks SPP, written a second time for tests: shares nothing with lib/crypto and
// lib/protocol.
#pragma once

#include "support/byte_string.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::test {

class reference_spp_device {
public:
    struct setup {
        std::string generation = "0.2";
        byte_string seed = byte_string(32, 0x11);
        byte_string ephemeral_private = pattern_bytes(32, 0x41);
        byte_string gateway_identity;
    };
    explicit reference_spp_device(setup how);

    byte_string identity() const;
    byte_string ephemeral() const;

    byte_string hello() const;
    // False when it is not signed by the gateway that this device knows.
    bool take_hello(bytes frame);
    bool has_key() const { return !key_.empty(); }

    // The next record.
    byte_string record(bytes payload);
    byte_string record(std::string_view text) { return record(text_bytes(text)); }
    // One with anything inside.
    byte_string seal(bytes plaintext, bytes additional = {}) const;

    // The payload of the gateway's next record; nothing when it is not that.
    std::optional<byte_string> open(bytes record);

private:
    bool has_numbers() const { return how_.generation != "rs-d"; }

    setup how_;
    byte_string key_;
    std::uint64_t sent_ = 0;
    std::uint64_t received_ = 0;
    mutable std::uint32_t nonces_ = 0;
};

// Eight bytes, little-endian.
byte_string little_64(std::uint64_t value);

// A hello, its length in front, of `signed_bytes` that are signed with `seed`.
byte_string spp_hello(bytes seed, bytes signed_bytes);

}  // namespace gatehouse::test
