#include "crypto/ed25519.h"

#include "base/assert.h"
#include "crypto/owners.h"

#include <openssl/err.h>

namespace gatehouse::crypto {

namespace {

constexpr char const* algorithm = "ED25519";

}  // namespace

struct ed25519::contexts {
    key_context_owner loader{EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr)};
    digest_context_owner digest{EVP_MD_CTX_new()};

    // With the public half given the library does not compute it again, which would cost as much as
    // the signature itself.
    key_owner load_pair(ed25519_private const& seed, ed25519_public const& own_public)
    {
        GATEHOUSE_ASSERT(EVP_PKEY_fromdata_init(loader.get()) == 1);
        std::array<OSSL_PARAM, 3> parameters{
            octets(OSSL_PKEY_PARAM_PUB_KEY, own_public),
            octets(OSSL_PKEY_PARAM_PRIV_KEY, seed.expose()),
            OSSL_PARAM_construct_end(),
        };
        EVP_PKEY* made = nullptr;
        auto const done =
            EVP_PKEY_fromdata(loader.get(), &made, EVP_PKEY_KEYPAIR, parameters.data());
        GATEHOUSE_ASSERT(done == 1);
        return key_owner{made};
    }
};

ed25519_public ed25519_public_of(ed25519_private const& seed)
{
    key_owner const key{EVP_PKEY_new_raw_private_key_ex(
        nullptr, algorithm, nullptr, seed.expose().data(), seed.expose().size()
    )};
    GATEHOUSE_ASSERT(key);
    ed25519_public out{};
    std::size_t size = out.size();
    GATEHOUSE_ASSERT(EVP_PKEY_get_raw_public_key(key.get(), out.data(), &size) == 1);
    return out;
}

ed25519::ed25519() : contexts_{std::make_unique<contexts>()}
{
    GATEHOUSE_ASSERT(contexts_->loader && contexts_->digest);
}

ed25519::~ed25519() = default;

ed25519_signature ed25519::sign(
    ed25519_private const& seed, ed25519_public const& own_public, bytes message
)
{
    auto const key = contexts_->load_pair(seed, own_public);
    auto* const context = contexts_->digest.get();
    GATEHOUSE_ASSERT(EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key.get()) == 1);
    ed25519_signature made{};
    std::size_t size = made.size();
    auto const done = EVP_DigestSign(context, made.data(), &size, message.data(), message.size());
    EVP_MD_CTX_reset(context);  // it must not keep the key
    GATEHOUSE_ASSERT(done == 1 && size == made.size());
    return made;
}

bool ed25519::verify(
    ed25519_public const& from,
    bytes message,
    std::span<std::uint8_t const, ed25519_signature_size> signature
)
{
    key_owner const key{
        EVP_PKEY_new_raw_public_key_ex(nullptr, algorithm, nullptr, from.data(), from.size())};
    auto* const context = contexts_->digest.get();
    bool const ready =
        key && EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, key.get()) == 1;
    bool const good =
        ready && EVP_DigestVerify(
                     context, signature.data(), signature.size(), message.data(), message.size()
                 ) == 1;
    EVP_MD_CTX_reset(context);
    if (!good)
        ERR_clear_error();
    return good;
}

}  // namespace gatehouse::crypto
