// AES-128-CBC with the padding of PKCS#7, in place. It protects nothing by itself: what is opened
// has been authenticated before.
#pragma once

#include "base/bytes.h"
#include "crypto/aead.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace gatehouse::crypto {

inline constexpr std::size_t cbc_block_size = 16;
using cbc_iv = std::array<std::uint8_t, cbc_block_size>;

constexpr std::size_t cbc_size(std::size_t text) noexcept
{
    return (text / cbc_block_size + 1) * cbc_block_size;
}

// One object a thread; its context is made once and re-keyed for each message.
class aes_128_cbc {
public:
    aes_128_cbc();
    ~aes_128_cbc();
    aes_128_cbc(aes_128_cbc const&) = delete;
    aes_128_cbc& operator=(aes_128_cbc const&) = delete;

    // `out` has cbc_size(text.size()) bytes, and is not where `text` is.
    void seal(aes_128_key const& key, cbc_iv const& iv, bytes text, mutable_bytes out);

    // In place; the size of the text at the front of `sealed`. Nothing when this is no whole number
    // of blocks, or its padding is wrong.
    std::optional<std::size_t> open(aes_128_key const& key, cbc_iv const& iv, mutable_bytes sealed);

private:
    struct context;
    std::unique_ptr<context> context_;
};

}  // namespace gatehouse::crypto
