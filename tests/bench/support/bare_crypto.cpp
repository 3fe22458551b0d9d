#include "bench/support/bare_crypto.h"

#include "bench/support/descriptor.h"
#include "crypto/owners.h"

#include <string>

namespace gatehouse::bench {

using namespace crypto;

struct bare_crypto::contexts {
    key_context_owner key_maker{EVP_PKEY_CTX_new_from_name(nullptr, "X25519", nullptr)};
    key_owner own;
    std::array<std::uint8_t, 32> peer{};
    std::array<std::uint8_t, 32> shared{};
    kdf_owner kdf{EVP_KDF_fetch(nullptr, "HKDF", nullptr)};
    kdf_context_owner hkdf{EVP_KDF_CTX_new(kdf.get())};
    mac_owner mac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
    mac_context_owner hmac{EVP_MAC_CTX_new(mac.get())};
    std::array<std::uint8_t, 64> keys{};
    std::array<std::uint8_t, 32> proof{};
    std::array<std::uint8_t, 122> transcript{};
    key_owner signer{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
    digest_context_owner signing{EVP_MD_CTX_new()};
    std::array<std::uint8_t, 64> signature{};
    digest_owner sha{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    digest_context_owner hashing{EVP_MD_CTX_new()};
    cipher_owner gcm{EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr)};
    cipher_context_owner opening{EVP_CIPHER_CTX_new()};
    cipher_context_owner sealing{EVP_CIPHER_CTX_new()};
    std::array<std::uint8_t, 2048> text{};
};

namespace {

void expect(bool fine)
{
    if (!fine)
        give_up("bare cryptography");
}

OSSL_PARAM octets(char const* name, std::span<std::uint8_t> data)
{
    return OSSL_PARAM_construct_octet_string(name, data.data(), data.size());
}

}  // namespace

bare_crypto::bare_crypto() : contexts_{std::make_unique<contexts>()}
{
    auto& all = *contexts_;
    expect(EVP_PKEY_keygen_init(all.key_maker.get()) == 1);
    make_key();
    std::size_t size = all.peer.size();
    expect(EVP_PKEY_get_raw_public_key(all.own.get(), all.peer.data(), &size) == 1);
    std::string digest = "SHA256";
    OSSL_PARAM const parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end(),
    };
    expect(EVP_MAC_CTX_set_params(all.hmac.get(), parameters) == 1);
    expect(EVP_KDF_CTX_set_params(all.hkdf.get(), parameters) == 1);
    sign();
}

bare_crypto::~bare_crypto() = default;

void bare_crypto::make_key()
{
    EVP_PKEY* made = nullptr;
    expect(EVP_PKEY_generate(contexts_->key_maker.get(), &made) == 1);
    contexts_->own.reset(made);
}

void bare_crypto::agree()
{
    auto& all = *contexts_;
    key_owner const other{EVP_PKEY_new_raw_public_key_ex(
        nullptr, "X25519", nullptr, all.peer.data(), all.peer.size()
    )};
    key_context_owner const context{EVP_PKEY_CTX_new_from_pkey(nullptr, all.own.get(), nullptr)};
    std::size_t size = all.shared.size();
    expect(
        EVP_PKEY_derive_init(context.get()) == 1 &&
        EVP_PKEY_derive_set_peer_ex(context.get(), other.get(), 0) == 1 &&
        EVP_PKEY_derive(context.get(), all.shared.data(), &size) == 1
    );
}

void bare_crypto::derive_keys()
{
    auto& all = *contexts_;
    OSSL_PARAM const parameters[] = {
        octets(OSSL_KDF_PARAM_KEY, all.shared),
        octets(OSSL_KDF_PARAM_SALT, all.peer),
        octets(OSSL_KDF_PARAM_INFO, std::span{all.transcript}.first(71)),
        OSSL_PARAM_construct_end(),
    };
    expect(EVP_KDF_derive(all.hkdf.get(), all.keys.data(), all.keys.size(), parameters) == 1);
}

void bare_crypto::prove()
{
    auto& all = *contexts_;
    std::size_t size = 0;
    expect(
        EVP_MAC_init(all.hmac.get(), all.peer.data(), all.peer.size(), nullptr) == 1 &&
        EVP_MAC_update(all.hmac.get(), all.transcript.data(), all.transcript.size()) == 1 &&
        EVP_MAC_final(all.hmac.get(), all.proof.data(), &size, all.proof.size()) == 1
    );
}

void bare_crypto::sign()
{
    auto& all = *contexts_;
    std::size_t size = all.signature.size();
    expect(
        EVP_DigestSignInit(all.signing.get(), nullptr, nullptr, nullptr, all.signer.get()) == 1 &&
        EVP_DigestSign(
            all.signing.get(), all.signature.data(), &size, all.peer.data(), all.peer.size()
        ) == 1
    );
    EVP_MD_CTX_reset(all.signing.get());
}

void bare_crypto::verify()
{
    auto& all = *contexts_;
    expect(
        EVP_DigestVerifyInit(all.signing.get(), nullptr, nullptr, nullptr, all.signer.get()) == 1 &&
        EVP_DigestVerify(
            all.signing.get(),
            all.signature.data(),
            all.signature.size(),
            all.peer.data(),
            all.peer.size()
        ) == 1
    );
    EVP_MD_CTX_reset(all.signing.get());
}

void bare_crypto::hash()
{
    auto& all = *contexts_;
    unsigned size = 0;
    expect(
        EVP_DigestInit_ex2(all.hashing.get(), all.sha.get(), nullptr) == 1 &&
        EVP_DigestUpdate(all.hashing.get(), all.keys.data(), all.keys.size()) == 1 &&
        EVP_DigestFinal_ex(all.hashing.get(), all.proof.data(), &size) == 1
    );
}

// The tag is not compared, as there is none: that costs nothing.
void bare_crypto::open_and_seal(std::size_t size)
{
    auto& all = *contexts_;
    int written = 0;
    auto const length = static_cast<int>(size);
    auto* const text = all.text.data();
    auto const* key = all.keys.data();
    auto const* nonce = all.shared.data();
    expect(
        EVP_DecryptInit_ex2(all.opening.get(), all.gcm.get(), key, nonce, nullptr) == 1 &&
        EVP_DecryptUpdate(all.opening.get(), nullptr, &written, nonce, 4) == 1 &&
        EVP_DecryptUpdate(all.opening.get(), text, &written, text, length) == 1
    );
    expect(
        EVP_EncryptInit_ex2(all.sealing.get(), all.gcm.get(), key, nonce, nullptr) == 1 &&
        EVP_EncryptUpdate(all.sealing.get(), nullptr, &written, nonce, 4) == 1 &&
        EVP_EncryptUpdate(all.sealing.get(), text, &written, text, length) == 1 &&
        EVP_EncryptFinal_ex(all.sealing.get(), text, &written) == 1 &&
        EVP_CIPHER_CTX_ctrl(all.sealing.get(), EVP_CTRL_AEAD_GET_TAG, 16, all.proof.data()) == 1
    );
}

}  // namespace gatehouse::bench
