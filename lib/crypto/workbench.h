// One thread's cryptographic contexts: made once, re-keyed for each use.
#pragma once

#include "crypto/aead.h"
#include "crypto/aes_cbc.h"
#include "crypto/ed25519.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/sha256.h"

namespace gatehouse::crypto {

struct workbench {
    aead aes_gcm{aead_algorithm::aes_256_gcm};
    aead chacha{aead_algorithm::chacha20_poly1305};
    aead aes_128_gcm{aead_algorithm::aes_128_gcm};
    crypto::aes_128_cbc aes_128_cbc;
    hmac_sha256 hmac;
    hkdf_sha256 hkdf;
    hkdf_sha3_256 hkdf_sha3;
    crypto::sha256 sha256;
    crypto::ed25519 ed25519;

    aead& cipher(aead_algorithm algorithm) noexcept
    {
        switch (algorithm) {
        case aead_algorithm::chacha20_poly1305:
            return chacha;
        case aead_algorithm::aes_128_gcm:
            return aes_128_gcm;
        case aead_algorithm::aes_256_gcm:
            break;
        }
        return aes_gcm;
    }
};

}  // namespace gatehouse::crypto
