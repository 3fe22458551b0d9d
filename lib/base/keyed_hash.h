// Hashes for tables that strangers fill: which entries share a place depends on a key that they do
// not know. Not for proofs: whoever sees the values can find the key.
#pragma once

#include "base/bytes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace gatehouse {

// Murmur3's finalizer: every bit of the result depends on every bit of `value`.
constexpr std::uint64_t mixed(std::uint64_t value) noexcept
{
    value = (value ^ value >> 33) * 0xff51afd7ed558ccdULL;
    value = (value ^ value >> 33) * 0xc4ceb9fe1a85ec53ULL;
    return value ^ value >> 33;
}

constexpr std::uint64_t keyed_hash(std::uint64_t key, bytes data) noexcept
{
    auto hash = mixed(key ^ data.size());
    while (!data.empty()) {
        auto const piece = data.first(std::min(data.size(), sizeof hash));
        std::uint64_t word = 0;
        for (auto const byte : piece)
            word = word << 8 | byte;
        hash = mixed(hash ^ word) + key;
        data = data.subspan(piece.size());
    }
    return mixed(hash);
}

}  // namespace gatehouse
