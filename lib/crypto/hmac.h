// HMAC-SHA256 over a message given in parts.
#pragma once

#include "base/bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>

namespace gatehouse::crypto {

inline constexpr std::size_t hmac_size = 32;
using hmac_tag = std::array<std::uint8_t, hmac_size>;

// One object a thread; its context is made once and re-keyed for each message.
class hmac_sha256 {
public:
    hmac_sha256();
    ~hmac_sha256();
    hmac_sha256(hmac_sha256 const&) = delete;
    hmac_sha256& operator=(hmac_sha256 const&) = delete;

    // The tag of the concatenated parts. `key` may have any length.
    hmac_tag compute(bytes key, std::initializer_list<bytes> parts);

private:
    struct context;
    std::unique_ptr<context> context_;
};

}  // namespace gatehouse::crypto
