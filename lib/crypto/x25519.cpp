#include "crypto/x25519.h"

#include "base/assert.h"
#include "crypto/owners.h"

#include <openssl/err.h>

namespace gatehouse::crypto {

namespace {

key_owner load_private(x25519_private const& key)
{
    key_owner loaded{EVP_PKEY_new_raw_private_key_ex(
        nullptr, "X25519", nullptr, key.expose().data(), key.expose().size()
    )};
    GATEHOUSE_ASSERT(loaded);
    return loaded;
}

// With the public half given the library does not compute it again, which would cost as much as the
// agreement itself.
key_owner load_pair(x25519_private const& own, x25519_public const& own_public)
{
    key_context_owner const loader{EVP_PKEY_CTX_new_from_name(nullptr, "X25519", nullptr)};
    GATEHOUSE_ASSERT(loader && EVP_PKEY_fromdata_init(loader.get()) == 1);
    std::array<OSSL_PARAM, 3> parameters{
        octets(OSSL_PKEY_PARAM_PUB_KEY, own_public),
        octets(OSSL_PKEY_PARAM_PRIV_KEY, own.expose()),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY* made = nullptr;
    auto const done = EVP_PKEY_fromdata(loader.get(), &made, EVP_PKEY_KEYPAIR, parameters.data());
    GATEHOUSE_ASSERT(done == 1);
    return key_owner{made};
}

// `own` outlives it.
key_context_owner begin_deriving(key_owner const& own)
{
    key_context_owner made{EVP_PKEY_CTX_new_from_pkey(nullptr, own.get(), nullptr)};
    GATEHOUSE_ASSERT(made && EVP_PKEY_derive_init(made.get()) == 1);
    return made;
}

result<x25519_shared> derive(key_context_owner const& deriving, x25519_public const& peer)
{
    key_owner const other{
        EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", nullptr, peer.data(), peer.size())};
    GATEHOUSE_ASSERT(other && EVP_PKEY_derive_set_peer_ex(deriving.get(), other.get(), 0) == 1);
    x25519_shared shared;
    std::size_t size = x25519_size;
    if (EVP_PKEY_derive(deriving.get(), shared.expose_mutable().data(), &size) != 1) {
        ERR_clear_error();
        return error::malformed_public_key;
    }
    return shared;
}

}  // namespace

x25519_public x25519_public_of(x25519_private const& private_key)
{
    auto const key = load_private(private_key);
    x25519_public out{};
    std::size_t size = out.size();
    GATEHOUSE_ASSERT(EVP_PKEY_get_raw_public_key(key.get(), out.data(), &size) == 1);
    return out;
}

x25519_key_pair make_x25519_key_pair(random_source& random)
{
    x25519_key_pair pair;
    random.fill(pair.private_key.expose_mutable());
    pair.public_key = x25519_public_of(pair.private_key);
    return pair;
}

struct x25519_agreement::context {
    key_owner own;
    key_context_owner deriving;
};

x25519_agreement::x25519_agreement(x25519_private const& own, x25519_public const& own_public)
    : context_{std::make_unique<context>()}
{
    context_->own = load_pair(own, own_public);
    context_->deriving = begin_deriving(context_->own);
}

x25519_agreement::~x25519_agreement() = default;
x25519_agreement::x25519_agreement(x25519_agreement&&) noexcept = default;
x25519_agreement& x25519_agreement::operator=(x25519_agreement&&) noexcept = default;

result<x25519_shared> x25519_agreement::with(x25519_public const& peer)
{
    return derive(context_->deriving, peer);
}

result<x25519_shared> x25519_agree(
    x25519_private const& own, x25519_public const& own_public, x25519_public const& peer
)
{
    auto const key = load_pair(own, own_public);
    return derive(begin_deriving(key), peer);
}

// The library wants a public half with every private one, computes it when there is none, and does
// not use it for an agreement.
result<x25519_shared> x25519_multiply(x25519_private const& scalar, x25519_public const& point)
{
    return x25519_agree(scalar, x25519_public{}, point);
}

}  // namespace gatehouse::crypto
