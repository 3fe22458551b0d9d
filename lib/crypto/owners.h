// Owners of OpenSSL objects, and parameters for them. Included by the .cpp files of this library
// only.
#pragma once

#include "base/bytes.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <memory>

namespace gatehouse::crypto {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* object) const noexcept
    {
        Free(object);
    }
};

using cipher_owner = std::unique_ptr<EVP_CIPHER, freed_by<EVP_CIPHER_free>>;
using cipher_context_owner = std::unique_ptr<EVP_CIPHER_CTX, freed_by<EVP_CIPHER_CTX_free>>;
using digest_owner = std::unique_ptr<EVP_MD, freed_by<EVP_MD_free>>;
using digest_context_owner = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;
using key_owner = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using key_context_owner = std::unique_ptr<EVP_PKEY_CTX, freed_by<EVP_PKEY_CTX_free>>;
using mac_owner = std::unique_ptr<EVP_MAC, freed_by<EVP_MAC_free>>;
using mac_context_owner = std::unique_ptr<EVP_MAC_CTX, freed_by<EVP_MAC_CTX_free>>;
using kdf_owner = std::unique_ptr<EVP_KDF, freed_by<EVP_KDF_free>>;
using kdf_context_owner = std::unique_ptr<EVP_KDF_CTX, freed_by<EVP_KDF_CTX_free>>;

// OSSL_PARAM wants a mutable pointer for what it only reads, and one that is not null even for
// nothing.
inline OSSL_PARAM octets(char const* name, bytes data)
{
    static std::uint8_t nothing = 0;
    auto* start = data.empty() ? &nothing : const_cast<std::uint8_t*>(data.data());
    return OSSL_PARAM_construct_octet_string(name, start, data.size());
}

}  // namespace gatehouse::crypto
