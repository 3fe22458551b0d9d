#include "crypto/hkdf.h"

#include "base/assert.h"
#include "crypto/owners.h"

#include <string>

namespace gatehouse::crypto {

struct hkdf::context {
    std::string digest;
    kdf_owner kdf;
    kdf_context_owner state;
};

hkdf::hkdf(std::string_view digest) : context_{std::make_unique<context>()}
{
    context_->digest = digest;
    context_->kdf.reset(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    GATEHOUSE_ASSERT(context_->kdf);
    context_->state.reset(EVP_KDF_CTX_new(context_->kdf.get()));
    GATEHOUSE_ASSERT(context_->state);
}

hkdf::~hkdf() = default;

struct hkdf::inputs {
    bytes key;
    bytes salt;
    bytes info;
};

void hkdf::run(int mode, inputs const& from, mutable_bytes out)
{
    auto* state = context_->state.get();
    EVP_KDF_CTX_reset(state);
    OSSL_PARAM const parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, context_->digest.data(), 0),
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        octets(OSSL_KDF_PARAM_KEY, from.key),
        octets(OSSL_KDF_PARAM_SALT, from.salt),
        octets(OSSL_KDF_PARAM_INFO, from.info),
        OSSL_PARAM_construct_end(),
    };
    GATEHOUSE_ASSERT(EVP_KDF_derive(state, out.data(), out.size(), parameters) == 1);
    EVP_KDF_CTX_reset(state);
}

void hkdf::derive(bytes input_key, bytes salt, bytes info, mutable_bytes out)
{
    run(EVP_KDF_HKDF_MODE_EXTRACT_AND_EXPAND, {input_key, salt, info}, out);
}

void hkdf::extract(bytes input_key, bytes salt, extracted out)
{
    run(EVP_KDF_HKDF_MODE_EXTRACT_ONLY, {input_key, salt, {}}, out);
}

void hkdf::expand(std::span<std::uint8_t const, extracted_size> key, bytes info, mutable_bytes out)
{
    run(EVP_KDF_HKDF_MODE_EXPAND_ONLY, {key, {}, info}, out);
}

}  // namespace gatehouse::crypto
