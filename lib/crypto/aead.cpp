#include "crypto/aead.h"

#include "base/assert.h"
#include "crypto/owners.h"

namespace gatehouse::crypto {

struct aead::contexts {
    cipher_owner cipher;
    cipher_context_owner sealing{EVP_CIPHER_CTX_new()};
    cipher_context_owner opening{EVP_CIPHER_CTX_new()};
};

namespace {

char const* library_name(aead_algorithm algorithm) noexcept
{
    switch (algorithm) {
    case aead_algorithm::aes_256_gcm:
        return "AES-256-GCM";
    case aead_algorithm::chacha20_poly1305:
        return "ChaCha20-Poly1305";
    case aead_algorithm::aes_128_gcm:
        return "AES-128-GCM";
    }
    return "";
}

std::size_t key_size_of(aead_algorithm algorithm) noexcept
{
    return algorithm == aead_algorithm::aes_128_gcm ? aes_128_key_size : aead_key_size;
}

}  // namespace

aead::aead(aead_algorithm algorithm)
    : key_size_{key_size_of(algorithm)}
    , contexts_{std::make_unique<contexts>()}
{
    contexts_->cipher.reset(EVP_CIPHER_fetch(nullptr, library_name(algorithm), nullptr));
    auto const* cipher = contexts_->cipher.get();
    GATEHOUSE_ASSERT(cipher && contexts_->sealing && contexts_->opening);
    GATEHOUSE_ASSERT(
        EVP_EncryptInit_ex2(contexts_->sealing.get(), cipher, nullptr, nullptr, nullptr) == 1
    );
    GATEHOUSE_ASSERT(
        EVP_DecryptInit_ex2(contexts_->opening.get(), cipher, nullptr, nullptr, nullptr) == 1
    );
}

aead::~aead() = default;

void aead::seal_under(
    bytes key,
    aead_nonce const& nonce,
    bytes additional,
    mutable_bytes text,
    std::span<std::uint8_t, aead_tag_size> tag
)
{
    GATEHOUSE_ASSERT(key.size() == key_size_);
    auto* context = contexts_->sealing.get();
    int written = 0;
    std::array<std::uint8_t, aead_tag_size> unused{};
    bool const ok =
        EVP_EncryptInit_ex2(context, nullptr, key.data(), nonce.data(), nullptr) == 1 &&
        EVP_EncryptUpdate(
            context, nullptr, &written, additional.data(), static_cast<int>(additional.size())
        ) == 1 &&
        (text.empty() ||
         EVP_EncryptUpdate(
             context, text.data(), &written, text.data(), static_cast<int>(text.size())
         ) == 1) &&
        EVP_EncryptFinal_ex(context, unused.data(), &written) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, aead_tag_size, tag.data()) == 1;
    GATEHOUSE_ASSERT(ok);
}

bool aead::open_under(
    bytes key,
    aead_nonce const& nonce,
    bytes additional,
    mutable_bytes text,
    std::span<std::uint8_t const, aead_tag_size> tag
)
{
    GATEHOUSE_ASSERT(key.size() == key_size_);
    auto* context = contexts_->opening.get();
    int written = 0;
    std::array<std::uint8_t, aead_tag_size> scratch{};
    std::copy(tag.begin(), tag.end(), scratch.begin());
    bool const ready =
        EVP_DecryptInit_ex2(context, nullptr, key.data(), nonce.data(), nullptr) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, aead_tag_size, scratch.data()) == 1 &&
        EVP_DecryptUpdate(
            context, nullptr, &written, additional.data(), static_cast<int>(additional.size())
        ) == 1;
    GATEHOUSE_ASSERT(ready);
    bool const decrypted =
        text.empty() ||
        EVP_DecryptUpdate(
            context, text.data(), &written, text.data(), static_cast<int>(text.size())
        ) == 1;
    return decrypted && EVP_DecryptFinal_ex(context, scratch.data(), &written) == 1;
}

}  // namespace gatehouse::crypto
