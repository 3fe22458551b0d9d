// BLAKE2 with a digest of any length, keyed or not (RFC 7693), and HMAC over BLAKE2b.
//
// The length is a parameter of the hash: a short digest is no cut of a long one.
#pragma once

#include "base/bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>

namespace gatehouse::crypto {

inline constexpr std::size_t blake2b_longest = 64;  // digest, and key
inline constexpr std::size_t blake2s_longest = 32;

// The digest of the concatenated parts, out.size() bytes: 1 to blake2b_longest. An empty key: not
// keyed.
void blake2b(mutable_bytes out, bytes key, std::initializer_list<bytes> parts);

// The same, not keyed: 1 to blake2s_longest bytes.
void blake2s(mutable_bytes out, std::initializer_list<bytes> parts);

// HMAC-BLAKE2b-512 of a message that grows: the tag of what there is so far can be read at any
// time. One object a thread; its memory is used again.
class hmac_blake2b {
public:
    hmac_blake2b();
    ~hmac_blake2b();
    hmac_blake2b(hmac_blake2b const&) = delete;
    hmac_blake2b& operator=(hmac_blake2b const&) = delete;

    static constexpr std::size_t longest_key = 128;

    void begin(bytes key);
    void append(bytes part);
    std::array<std::uint8_t, blake2b_longest> tag() const;
    // Forgets the key.
    void wipe() noexcept;

private:
    struct states;
    std::unique_ptr<states> states_;
};

}  // namespace gatehouse::crypto
