// Encrypted records: seal and open one (docs/protocols/spp.md, "Records").
//
// Used by both ends: the gateway's session and the device side of the simulator. One key serves
// both directions, so each end marks its nonces and knows its own records again.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/aead.h"
#include "crypto/random.h"
#include "protocol/output.h"
#include "protocol/spp/generation.h"
#include "protocol/spp/hello.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse::spp {

inline constexpr std::size_t sequence_size = 8;

// What a length may be at least: nonce, sequence number if there is one, tag.
constexpr std::size_t shortest_record(generation which) noexcept
{
    return crypto::aead_nonce_size + (has_sequence(which) ? sequence_size : 0) +
           crypto::aead_tag_size;
}

// The length of a record with this much payload.
constexpr std::size_t record_length(generation which, std::size_t payload) noexcept
{
    return shortest_record(which) + payload;
}

// The first bytes of all nonces of one sender on one connection, drawn at random.
using nonce_prefix = std::array<std::uint8_t, 8>;
nonce_prefix draw_prefix(crypto::random_source& random);

// Was this whole record sealed with nonces of this prefix?
bool carries(nonce_prefix const& prefix, bytes record) noexcept;

// Which lengths a receiver takes.
struct length_range {
    std::size_t shortest = 0;
    std::size_t longest = 0;
};

// The size of the record that begins with at least length_size bytes, its length field included.
// Errors: malformed_length, malformed_oversize.
result<std::size_t> record_size(bytes front, length_range range) noexcept;

// What sealing needs; all outlive the call.
struct sealing {
    crypto::aead& cipher;
    crypto::aead_key const& key;
    generation how{};
    nonce_prefix const& prefix;
    std::uint32_t sequence = 0;  // the record's number, from 1: no two under one prefix
};
void seal_record(sealing const& with, bytes payload, wire_buffer& out);

// Opens a whole record in place and returns what was sealed, the sequence number included if there
// is one. On an error the record is garbage. Error: unproven_frame.
result<mutable_bytes> open_record(
    crypto::aead& cipher, crypto::aead_key const& key, mutable_bytes record
);

// The payload of an opened record, which must have this number where records are numbered. Errors:
// unproven_replay (a lower number), unproven_sequence, malformed_length.
result<bytes> judge_sequence(generation how, bytes opened, std::uint32_t expected) noexcept;

}  // namespace gatehouse::spp
