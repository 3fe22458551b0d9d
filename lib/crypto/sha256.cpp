#include "crypto/sha256.h"

#include "base/assert.h"
#include "crypto/owners.h"

namespace gatehouse::crypto {

struct sha256::context {
    digest_owner algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    digest_context_owner state{EVP_MD_CTX_new()};
};

sha256::sha256() : context_{std::make_unique<context>()}
{
    GATEHOUSE_ASSERT(context_->algorithm && context_->state);
}

sha256::~sha256() = default;

void sha256::compute(std::initializer_list<bytes> parts, std::span<std::uint8_t, sha256_size> out)
{
    auto* state = context_->state.get();
    bool ok = EVP_DigestInit_ex2(state, context_->algorithm.get(), nullptr) == 1;
    for (auto const part : parts)
        ok = ok && EVP_DigestUpdate(state, part.data(), part.size()) == 1;
    unsigned size = 0;
    ok = ok && EVP_DigestFinal_ex(state, out.data(), &size) == 1;
    GATEHOUSE_ASSERT(ok && size == sha256_size);
}

}  // namespace gatehouse::crypto
