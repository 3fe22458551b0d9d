#include "crypto/rsa_oaep.h"

#include "base/assert.h"
#include "base/secret.h"
#include "crypto/owners.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse::crypto {

using bio_owner = std::unique_ptr<BIO, freed_by<BIO_free>>;

struct rsa_private_key::holder {
    key_owner key;
};

rsa_private_key::rsa_private_key(std::unique_ptr<holder> key) : key_{std::move(key)} {}

rsa_private_key::~rsa_private_key() = default;
rsa_private_key::rsa_private_key(rsa_private_key&&) noexcept = default;
rsa_private_key& rsa_private_key::operator=(rsa_private_key&&) noexcept = default;

std::optional<rsa_private_key> rsa_private_key::generate(unsigned bits)
{
    GATEHOUSE_ASSERT(bits >= smallest_rsa && bits <= largest_rsa);
    key_owner made{EVP_RSA_gen(bits)};
    ERR_clear_error();
    if (!made)
        return std::nullopt;
    return rsa_private_key{std::make_unique<holder>(holder{std::move(made)})};
}

std::optional<rsa_private_key> rsa_private_key::read(bytes pem)
{
    if (pem.empty())
        return std::nullopt;
    bio_owner const text{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    GATEHOUSE_ASSERT(text);
    // Without a callback of its own the library would ask a terminal for a password.
    auto const no_password = [](char*, int, int, void*) { return -1; };
    key_owner found{PEM_read_bio_PrivateKey(text.get(), nullptr, no_password, nullptr)};
    ERR_clear_error();
    if (!found || EVP_PKEY_get_base_id(found.get()) != EVP_PKEY_RSA)
        return std::nullopt;
    auto const bits = static_cast<unsigned>(EVP_PKEY_get_bits(found.get()));
    if (bits < smallest_rsa || bits > largest_rsa || bits % 8 != 0)
        return std::nullopt;
    return rsa_private_key{std::make_unique<holder>(holder{std::move(found)})};
}

std::string rsa_private_key::public_pem() const
{
    bio_owner const out{BIO_new(BIO_s_mem())};
    GATEHOUSE_ASSERT(out && PEM_write_bio_PUBKEY(out.get(), key_->key.get()) == 1);
    char* text = nullptr;
    auto const size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::size_t rsa_private_key::size() const noexcept
{
    return static_cast<std::size_t>(EVP_PKEY_get_size(key_->key.get()));
}

std::optional<std::size_t> rsa_private_key::open(bytes block, mutable_bytes out) const
{
    if (block.size() != size())
        return std::nullopt;
    key_context_owner const context{EVP_PKEY_CTX_new_from_pkey(nullptr, key_->key.get(), nullptr)};
    bool const ready = context && EVP_PKEY_decrypt_init(context.get()) == 1 &&
                       EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) == 1 &&
                       EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), EVP_sha256()) == 1 &&
                       EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), EVP_sha256()) == 1;
    GATEHOUSE_ASSERT(ready);
    secret<largest_rsa / 8> text;
    auto const space = text.expose_mutable();
    auto written = space.size();
    bool const opened =
        EVP_PKEY_decrypt(context.get(), space.data(), &written, block.data(), block.size()) == 1;
    ERR_clear_error();
    if (!opened || written > out.size())
        return std::nullopt;
    std::copy_n(space.begin(), written, out.begin());
    return written;
}

}  // namespace gatehouse::crypto
