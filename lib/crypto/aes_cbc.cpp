#include "crypto/aes_cbc.h"

#include "base/assert.h"
#include "crypto/owners.h"

#include <algorithm>

namespace gatehouse::crypto {

struct aes_128_cbc::context {
    cipher_owner cipher;
    cipher_context_owner state{EVP_CIPHER_CTX_new()};

    // Whole blocks, where they are.
    void run(bool encrypts, aes_128_key const& key, cbc_iv const& iv, mutable_bytes blocks)
    {
        int done = 0;
        bool const ok =
            EVP_CipherInit_ex2(
                state.get(), cipher.get(), key.expose().data(), iv.data(), encrypts ? 1 : 0, nullptr
            ) == 1 &&
            EVP_CIPHER_CTX_set_padding(state.get(), 0) == 1 &&
            EVP_CipherUpdate(
                state.get(), blocks.data(), &done, blocks.data(), static_cast<int>(blocks.size())
            ) == 1;
        GATEHOUSE_ASSERT(ok && static_cast<std::size_t>(done) == blocks.size());
    }
};

aes_128_cbc::aes_128_cbc() : context_{std::make_unique<context>()}
{
    context_->cipher.reset(EVP_CIPHER_fetch(nullptr, "AES-128-CBC", nullptr));
    GATEHOUSE_ASSERT(context_->cipher && context_->state);
}

aes_128_cbc::~aes_128_cbc() = default;

void aes_128_cbc::seal(aes_128_key const& key, cbc_iv const& iv, bytes text, mutable_bytes out)
{
    GATEHOUSE_ASSERT(out.size() == cbc_size(text.size()));
    auto const padding = static_cast<std::uint8_t>(out.size() - text.size());
    std::fill(std::copy(text.begin(), text.end(), out.begin()), out.end(), padding);
    context_->run(true, key, iv, out);
}

std::optional<std::size_t> aes_128_cbc::open(
    aes_128_key const& key, cbc_iv const& iv, mutable_bytes sealed
)
{
    if (sealed.empty() || sealed.size() % cbc_block_size != 0)
        return std::nullopt;
    context_->run(false, key, iv, sealed);
    auto const padding = std::size_t{sealed.back()};
    if (padding == 0 || padding > cbc_block_size)
        return std::nullopt;
    auto const rest = sealed.last(padding);
    if (!std::all_of(rest.begin(), rest.end(), [&](auto each) { return each == padding; }))
        return std::nullopt;
    return sealed.size() - padding;
}

}  // namespace gatehouse::crypto
