// HKDF (RFC 5869) with SHA-256 or SHA3-256, extract and expand in one call or one after the other.
#pragma once

#include "base/bytes.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace gatehouse::crypto {

// One object a thread; its context is made once.
class hkdf {
public:
    ~hkdf();
    hkdf(hkdf const&) = delete;
    hkdf& operator=(hkdf const&) = delete;

    // Fills `out` (at most 255 * 32 bytes).
    void derive(bytes input_key, bytes salt, bytes info, mutable_bytes out);

    // The halves of it: expanding what was extracted gives what `derive` gives.
    static constexpr std::size_t extracted_size = 32;
    using extracted = std::span<std::uint8_t, extracted_size>;
    void extract(bytes input_key, bytes salt, extracted out);
    void expand(std::span<std::uint8_t const, extracted_size> key, bytes info, mutable_bytes out);

protected:
    explicit hkdf(std::string_view digest);

private:
    struct context;
    struct inputs;

    void run(int mode, inputs const& from, mutable_bytes out);

    std::unique_ptr<context> context_;
};

class hkdf_sha256 : public hkdf {
public:
    hkdf_sha256() : hkdf{"SHA256"} {}
};

class hkdf_sha3_256 : public hkdf {
public:
    hkdf_sha3_256() : hkdf{"SHA3-256"} {}
};

}  // namespace gatehouse::crypto
