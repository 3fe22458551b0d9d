// SHA-256 over a message given in parts.
#pragma once

#include "base/bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>

namespace gatehouse::crypto {

inline constexpr std::size_t sha256_size = 32;
using sha256_digest = std::array<std::uint8_t, sha256_size>;

// One object a thread; its context is made once and used again for each message.
class sha256 {
public:
    sha256();
    ~sha256();
    sha256(sha256 const&) = delete;
    sha256& operator=(sha256 const&) = delete;

    // The digest of the concatenated parts.
    sha256_digest compute(std::initializer_list<bytes> parts)
    {
        sha256_digest made{};
        compute(parts, made);
        return made;
    }

    // The same into memory of the caller's, for digests that are secrets.
    void compute(std::initializer_list<bytes> parts, std::span<std::uint8_t, sha256_size> out);

private:
    struct context;
    std::unique_ptr<context> context_;
};

}  // namespace gatehouse::crypto
