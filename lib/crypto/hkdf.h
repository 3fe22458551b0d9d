// HKDF-SHA256 (RFC 5869), extract and expand in one call.
#pragma once

#include "base/bytes.h"

#include <memory>

namespace gatehouse::crypto {

// One object a thread; its context is made once.
class hkdf_sha256 {
public:
    hkdf_sha256();
    ~hkdf_sha256();
    hkdf_sha256(hkdf_sha256 const&) = delete;
    hkdf_sha256& operator=(hkdf_sha256 const&) = delete;

    // Fills `out` (at most 255 * 32 bytes).
    void derive(bytes input_key, bytes salt, bytes info, mutable_bytes out);

private:
    struct context;
    std::unique_ptr<context> context_;
};

}  // namespace gatehouse::crypto
