// The keystream of ChaCha20 alone, without a tag: for a protocol that asks for it.
#pragma once

#include "base/bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace gatehouse::crypto {

// One object a thread; its context is made once and re-keyed for each stream.
class chacha20 {
public:
    chacha20();
    ~chacha20();
    chacha20(chacha20 const&) = delete;
    chacha20& operator=(chacha20 const&) = delete;

    static constexpr std::size_t key_size = 32;
    // The last four words of the first block's state, little-endian: a counter of 64 bits, and a
    // nonce.
    static constexpr std::size_t start_size = 16;

    void keystream(
        std::span<std::uint8_t const, key_size> key,
        std::span<std::uint8_t const, start_size> start,
        mutable_bytes out
    );

private:
    struct contexts;
    std::unique_ptr<contexts> contexts_;
};

}  // namespace gatehouse::crypto
