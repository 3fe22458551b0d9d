#include "crypto/hmac.h"

#include "base/assert.h"
#include "crypto/owners.h"

#include <string>

namespace gatehouse::crypto {

struct hmac_sha256::context {
    mac_owner mac;
    mac_context_owner state;
};

hmac_sha256::hmac_sha256() : context_{std::make_unique<context>()}
{
    context_->mac.reset(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    GATEHOUSE_ASSERT(context_->mac);
    context_->state.reset(EVP_MAC_CTX_new(context_->mac.get()));
    std::string digest = "SHA256";
    OSSL_PARAM const parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end(),
    };
    GATEHOUSE_ASSERT(
        context_->state && EVP_MAC_CTX_set_params(context_->state.get(), parameters) == 1
    );
}

hmac_sha256::~hmac_sha256() = default;

hmac_tag hmac_sha256::compute(bytes key, std::initializer_list<bytes> parts)
{
    auto* state = context_->state.get();
    // The library takes a null key for "the same as before", so an empty one needs an address.
    static constexpr std::uint8_t nothing = 0;
    auto const* start = key.empty() ? &nothing : key.data();
    GATEHOUSE_ASSERT(EVP_MAC_init(state, start, key.size(), nullptr) == 1);
    for (auto const part : parts)
        GATEHOUSE_ASSERT(EVP_MAC_update(state, part.data(), part.size()) == 1);
    hmac_tag tag{};
    std::size_t written = 0;
    GATEHOUSE_ASSERT(EVP_MAC_final(state, tag.data(), &written, tag.size()) == 1);
    return tag;
}

}  // namespace gatehouse::crypto
