#include "crypto/rsa_public_key.h"

#include "base/assert.h"
#include "crypto/owners.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <utility>

namespace gatehouse::crypto {

struct rsa_public_key::holder {
    key_owner key;
};

rsa_public_key::rsa_public_key(std::unique_ptr<holder> key) : key_{std::move(key)} {}

rsa_public_key::~rsa_public_key() = default;
rsa_public_key::rsa_public_key(rsa_public_key&&) noexcept = default;
rsa_public_key& rsa_public_key::operator=(rsa_public_key&&) noexcept = default;

std::optional<rsa_public_key> rsa_public_key::read(bytes pem)
{
    if (pem.empty())
        return std::nullopt;  // of which the library makes no memory to read from
    std::unique_ptr<BIO, freed_by<BIO_free>> const text{
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    GATEHOUSE_ASSERT(text);
    key_owner found{PEM_read_bio_PUBKEY(text.get(), nullptr, nullptr, nullptr)};
    ERR_clear_error();
    if (!found || EVP_PKEY_get_base_id(found.get()) != EVP_PKEY_RSA)
        return std::nullopt;
    auto const bits = static_cast<unsigned>(EVP_PKEY_get_bits(found.get()));
    if (bits < smallest_rsa || bits > largest_rsa)
        return std::nullopt;
    return rsa_public_key{std::make_unique<holder>(holder{std::move(found)})};
}

std::size_t rsa_public_key::size() const noexcept
{
    return static_cast<std::size_t>(EVP_PKEY_get_size(key_->key.get()));
}

bool rsa_public_key::seal(bytes text, mutable_bytes block) const
{
    key_context_owner const context{EVP_PKEY_CTX_new_from_pkey(nullptr, key_->key.get(), nullptr)};
    GATEHOUSE_ASSERT(block.size() == size());
    auto written = block.size();
    bool const sealed =
        context && EVP_PKEY_encrypt_init(context.get()) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) == 1 &&
        EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), EVP_sha256()) == 1 &&
        EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), EVP_sha256()) == 1 &&
        EVP_PKEY_encrypt(context.get(), block.data(), &written, text.data(), text.size()) == 1;
    ERR_clear_error();
    return sealed && written == block.size();
}

}  // namespace gatehouse::crypto
