#include "support/call_counts.h"

#include <openssl/evp.h>
#include <openssl/kdf.h>

namespace {

std::size_t macs = 0;
std::size_t agreements = 0;
std::size_t derivations = 0;
std::size_t signatures = 0;
std::size_t verifications = 0;

}  // namespace

// The linker sends calls of EVP_x to __wrap_EVP_x, and __real_EVP_x to the library.
extern "C" {

int __real_EVP_MAC_init(
    EVP_MAC_CTX* context, unsigned char const* key, size_t size, OSSL_PARAM const parameters[]
);
int __real_EVP_PKEY_derive(EVP_PKEY_CTX* context, unsigned char* out, size_t* size);
int __real_EVP_KDF_derive(
    EVP_KDF_CTX* context, unsigned char* out, size_t size, OSSL_PARAM const parameters[]
);

int __real_EVP_DigestSign(
    EVP_MD_CTX* context, unsigned char* out, size_t* size, unsigned char const* in, size_t length
);
int __real_EVP_DigestVerify(
    EVP_MD_CTX* context,
    unsigned char const* signature,
    size_t size,
    unsigned char const* in,
    size_t length
);

int __wrap_EVP_MAC_init(
    EVP_MAC_CTX* context, unsigned char const* key, size_t size, OSSL_PARAM const parameters[]
)
{
    ++macs;
    return __real_EVP_MAC_init(context, key, size, parameters);
}

int __wrap_EVP_PKEY_derive(EVP_PKEY_CTX* context, unsigned char* out, size_t* size)
{
    ++agreements;
    return __real_EVP_PKEY_derive(context, out, size);
}

int __wrap_EVP_KDF_derive(
    EVP_KDF_CTX* context, unsigned char* out, size_t size, OSSL_PARAM const parameters[]
)
{
    ++derivations;
    return __real_EVP_KDF_derive(context, out, size, parameters);
}

int __wrap_EVP_DigestSign(
    EVP_MD_CTX* context, unsigned char* out, size_t* size, unsigned char const* in, size_t length
)
{
    ++signatures;
    return __real_EVP_DigestSign(context, out, size, in, length);
}

int __wrap_EVP_DigestVerify(
    EVP_MD_CTX* context,
    unsigned char const* signature,
    size_t size,
    unsigned char const* in,
    size_t length
)
{
    ++verifications;
    return __real_EVP_DigestVerify(context, signature, size, in, length);
}

}  // extern "C"

namespace gatehouse::test {

std::size_t macs_computed() noexcept
{
    return macs;
}

std::size_t keys_agreed() noexcept
{
    return agreements;
}

std::size_t keys_derived() noexcept
{
    return derivations;
}

std::size_t signatures_made() noexcept
{
    return signatures;
}

std::size_t signatures_verified() noexcept
{
    return verifications;
}

}  // namespace gatehouse::test
