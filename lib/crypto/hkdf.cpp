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

struct hkdf_sha256::inputs {
    bytes key;
    bytes salt;
    bytes info;
};

void hkdf_sha256::run(int mode, inputs const& from, mutable_bytes out)
{
    auto* state = context_->state.get();
    EVP_KDF_CTX_reset(state);
    std::string digest = "SHA256";
    OSSL_PARAM const parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        octets(OSSL_KDF_PARAM_KEY, from.key),
        octets(OSSL_KDF_PARAM_SALT, from.salt),
        octets(OSSL_KDF_PARAM_INFO, from.info),
        OSSL_PARAM_construct_end(),
    };
    GATEHOUSE_ASSERT(EVP_KDF_derive(state, out.data(), out.size(), parameters) == 1);
    EVP_KDF_CTX_reset(state);
}

void hkdf_sha256::derive(bytes input_key, bytes salt, bytes info, mutable_bytes out)
{
    run(EVP_KDF_HKDF_MODE_EXTRACT_AND_EXPAND, {input_key, salt, info}, out);
}

void hkdf_sha256::extract(bytes input_key, bytes salt, extracted out)
{
    run(EVP_KDF_HKDF_MODE_EXTRACT_ONLY, {input_key, salt, {}}, out);
}

void hkdf_sha256::expand(
    std::span<std::uint8_t const, extracted_size> key, bytes info, mutable_bytes out
)
{
    run(EVP_KDF_HKDF_MODE_EXPAND_ONLY, {key, {}, info}, out);
}

}  // namespace gatehouse::crypto
