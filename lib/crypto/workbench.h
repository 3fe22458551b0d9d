// One thread's cryptographic contexts: made once, re-keyed for each use.
#pragma once

#include "crypto/aead.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"

namespace gatehouse::crypto {

struct workbench {
    aead aes_gcm{aead_algorithm::aes_256_gcm};
    aead chacha{aead_algorithm::chacha20_poly1305};
    hmac_sha256 hmac;
    hkdf_sha256 hkdf;

    aead& cipher(aead_algorithm algorithm) noexcept
    {
        return algorithm == aead_algorithm::aes_256_gcm ? aes_gcm : chacha;
    }
};

}  // namespace gatehouse::crypto
