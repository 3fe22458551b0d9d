#include "support/reference_crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>
#include <stdexcept>

namespace gatehouse::test::reference {

namespace {

constexpr std::size_t tag_size = 16;

void need(bool ok)
{
    if (!ok)
        throw std::runtime_error{"reference cryptography failed"};
}

struct freed {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

using key_owner = std::unique_ptr<EVP_PKEY, freed>;
using cipher_owner = std::unique_ptr<EVP_CIPHER_CTX, freed>;
using digest_owner = std::unique_ptr<EVP_MD_CTX, freed>;

key_owner private_key_of(bytes raw, int type = EVP_PKEY_X25519)
{
    key_owner key{EVP_PKEY_new_raw_private_key(type, nullptr, raw.data(), raw.size())};
    need(key != nullptr);
    return key;
}

byte_string public_half(key_owner const& key)
{
    byte_string out(32);
    auto size = out.size();
    need(EVP_PKEY_get_raw_public_key(key.get(), out.data(), &size) == 1);
    return out;
}

byte_string hmac(EVP_MD const* digest, bytes key, bytes message)
{
    static constexpr std::uint8_t nothing = 0;
    byte_string tag(32);
    unsigned size = 0;
    auto const* start = key.empty() ? &nothing : key.data();
    auto const length = static_cast<int>(key.size());
    need(HMAC(digest, start, length, message.data(), message.size(), tag.data(), &size) != nullptr);
    return tag;
}

byte_string hkdf(EVP_MD const* digest, bytes input_key, bytes salt, bytes info, std::size_t size)
{
    auto const extracted = hmac(digest, salt, input_key);
    byte_string out;
    byte_string last;
    for (std::uint8_t counter = 1; out.size() < size; ++counter) {
        append(last, info);
        last.push_back(counter);
        last = hmac(digest, extracted, last);
        append(out, last);
    }
    out.resize(size);
    return out;
}

EVP_CIPHER const* cipher_of(cipher with)
{
    return with == cipher::aes_256_gcm ? EVP_aes_256_gcm() : EVP_chacha20_poly1305();
}

}  // namespace

std::uint16_t crc16(bytes data)
{
    unsigned crc = 0xffff;
    for (auto const byte : data) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xa001 : crc >> 1;
    }
    return static_cast<std::uint16_t>(crc);
}

byte_string hmac_sha256(bytes key, bytes message)
{
    return hmac(EVP_sha256(), key, message);
}

byte_string hkdf_sha256(bytes input_key, bytes salt, bytes info, std::size_t size)
{
    return hkdf(EVP_sha256(), input_key, salt, info, size);
}

byte_string hkdf_sha3_256(bytes input_key, bytes salt, bytes info, std::size_t size)
{
    return hkdf(EVP_sha3_256(), input_key, salt, info, size);
}

byte_string sha256(bytes message)
{
    byte_string out(32);
    need(
        EVP_Digest(message.data(), message.size(), out.data(), nullptr, EVP_sha256(), nullptr) == 1
    );
    return out;
}

byte_string ed25519_public(bytes seed)
{
    return public_half(private_key_of(seed, EVP_PKEY_ED25519));
}

byte_string ed25519_sign(bytes seed, bytes message)
{
    auto const key = private_key_of(seed, EVP_PKEY_ED25519);
    digest_owner const context{EVP_MD_CTX_new()};
    byte_string out(64);
    auto size = out.size();
    need(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
    need(EVP_DigestSign(context.get(), out.data(), &size, message.data(), message.size()) == 1);
    return out;
}

bool ed25519_verify(bytes from, bytes message, bytes signature)
{
    key_owner const key{
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, from.data(), from.size())};
    digest_owner const context{EVP_MD_CTX_new()};
    need(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
    return EVP_DigestVerify(
               context.get(), signature.data(), signature.size(), message.data(), message.size()
           ) == 1;
}

byte_string x25519_public(bytes private_key)
{
    return public_half(private_key_of(private_key));
}

byte_string x25519(bytes private_key, bytes peer)
{
    auto const own = private_key_of(private_key);
    key_owner const other{
        EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, peer.data(), peer.size())};
    std::unique_ptr<EVP_PKEY_CTX, freed> const context{EVP_PKEY_CTX_new(own.get(), nullptr)};
    byte_string out(32);
    auto size = out.size();
    need(EVP_PKEY_derive_init(context.get()) == 1);
    need(EVP_PKEY_derive_set_peer(context.get(), other.get()) == 1);
    need(EVP_PKEY_derive(context.get(), out.data(), &size) == 1);
    return out;
}

byte_string seal(cipher with, bytes key, bytes nonce, bytes additional, bytes plaintext)
{
    cipher_owner const context{EVP_CIPHER_CTX_new()};
    auto* to = context.get();
    byte_string out(plaintext.size() + tag_size);
    int written = 0;
    need(EVP_EncryptInit_ex(to, cipher_of(with), nullptr, key.data(), nonce.data()) == 1);
    need(
        EVP_EncryptUpdate(
            to, nullptr, &written, additional.data(), static_cast<int>(additional.size())
        ) == 1
    );
    if (!plaintext.empty())
        need(
            EVP_EncryptUpdate(
                to, out.data(), &written, plaintext.data(), static_cast<int>(plaintext.size())
            ) == 1
        );
    need(EVP_EncryptFinal_ex(to, out.data() + plaintext.size(), &written) == 1);
    auto* const tag = out.data() + plaintext.size();
    need(EVP_CIPHER_CTX_ctrl(to, EVP_CTRL_AEAD_GET_TAG, tag_size, tag) == 1);
    return out;
}

std::optional<byte_string> open(cipher with, bytes key, bytes nonce, bytes additional, bytes sealed)
{
    if (sealed.size() < tag_size)
        return std::nullopt;
    cipher_owner const context{EVP_CIPHER_CTX_new()};
    auto* to = context.get();
    auto const text = sealed.first(sealed.size() - tag_size);
    auto tag = copy_of(sealed.last(tag_size));
    byte_string out(text.size() + tag_size);
    int written = 0;
    need(EVP_DecryptInit_ex(to, cipher_of(with), nullptr, key.data(), nonce.data()) == 1);
    need(EVP_CIPHER_CTX_ctrl(to, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1);
    need(
        EVP_DecryptUpdate(
            to, nullptr, &written, additional.data(), static_cast<int>(additional.size())
        ) == 1
    );
    if (!text.empty())
        need(
            EVP_DecryptUpdate(
                to, out.data(), &written, text.data(), static_cast<int>(text.size())
            ) == 1
        );
    if (EVP_DecryptFinal_ex(to, out.data() + text.size(), &written) != 1)
        return std::nullopt;
    out.resize(text.size());
    return out;
}

}  // namespace gatehouse::test::reference
