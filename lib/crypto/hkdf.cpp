#include "crypto/hkdf.h"

#include "base/assert.h"
#include "crypto/owners.h"

#include <string>

namespace gatehouse::crypto {

struct hkdf_sha256::context {
    kdf_owner kdf;
    kdf_context_owner state;
};

hkdf_sha256::hkdf_sha256() : context_{std::make_unique<context>()}
{
    context_->kdf.reset(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    GATEHOUSE_ASSERT(context_->kdf);
    context_->state.reset(EVP_KDF_CTX_new(context_->kdf.get()));
    GATEHOUSE_ASSERT(context_->state);
}

hkdf_sha256::~hkdf_sha256() = default;

void hkdf_sha256::derive(bytes input_key, bytes salt, bytes info, mutable_bytes out)
{
    auto* state = context_->state.get();
    EVP_KDF_CTX_reset(state);
    std::string digest = "SHA256";
    OSSL_PARAM const parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        octets(OSSL_KDF_PARAM_KEY, input_key),
        octets(OSSL_KDF_PARAM_SALT, salt),
        octets(OSSL_KDF_PARAM_INFO, info),
        OSSL_PARAM_construct_end(),
    };
    GATEHOUSE_ASSERT(EVP_KDF_derive(state, out.data(), out.size(), parameters) == 1);
    EVP_KDF_CTX_reset(state);
}

}  // namespace gatehouse::crypto
