#include "crypto/aead.h"
#include "support/byte_string.h"
#include "support/reference_crypto.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

using crypto::aead_algorithm;

struct known_answer {
    aead_algorithm algorithm;
    std::string key;
    std::string nonce;
    std::string additional;
    std::string plaintext;
    std::string ciphertext;
    std::string tag;
};

std::string const gcm_key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
std::string const gcm_text = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0"
                             "c95956809532fcf0e2449a6b525"
                             "b16aedf5aa0de657ba637b391aafd255";
std::string const gcm_cipher = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb"
                               "08e48590dbb3da7b08b1056828838"
                               "c5f61e6393ba7a0abcc9f662898015ad";

std::vector<known_answer> known_answers()
{
    auto const gcm = aead_algorithm::aes_256_gcm;
    std::string const zeros(64, '0');
    return {
        // The GCM specification's test cases 13 to 16.
        {gcm, zeros, zeros.substr(0, 24), "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
        {gcm,
         zeros,
         zeros.substr(0, 24),
         "",
         zeros.substr(0, 32),
         "cea7403d4d606b6e074ec5d3baf39d18",
         "d0d1c8a799996bf0265b98b5d48ab919"},
        {gcm,
         gcm_key,
         "cafebabefacedbaddecaf888",
         "",
         gcm_text,
         gcm_cipher,
         "b094dac5d93471bdec1a502270e3cc6c"},
        {gcm,
         gcm_key,
         "cafebabefacedbaddecaf888",
         "feedfacedeadbeeffeedfacedeadbeefabaddad2",
         gcm_text.substr(0, 120),
         gcm_cipher.substr(0, 120),
         "76fc6ece0f4e1768cddf8853bb2d551b"},
        // RFC 8439, 2.8.2.
        {aead_algorithm::chacha20_poly1305,
         "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
         "070000004041424344454647",
         "50515253c0c1c2c3c4c5c6c7",
         to_hex(as_bytes("Ladies and Gentlemen of the class of '99: If I could offer you only one "
                         "tip for the future, sunscreen would be it.")),
         "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69d"
         "a"
         "92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad67594558"
         "5"
         "808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116",
         "1ae10b594f09e26a7e902ecbd0600691"},
    };
}

crypto::aead_key key_of(bytes raw)
{
    return crypto::aead_key::from(raw.first<crypto::aead_key_size>());
}

crypto::aead_nonce nonce_of(bytes raw)
{
    crypto::aead_nonce nonce{};
    std::copy_n(raw.begin(), nonce.size(), nonce.begin());
    return nonce;
}

using tag_bytes = std::array<std::uint8_t, crypto::aead_tag_size>;

TEST(aead, known_answers)
{
    for (auto const& known : known_answers()) {
        SCOPED_TRACE(known.tag);
        crypto::aead cipher{known.algorithm};
        auto const key = key_of(hex_bytes(known.key));
        auto const nonce = nonce_of(hex_bytes(known.nonce));
        auto const additional = hex_bytes(known.additional);
        auto text = hex_bytes(known.plaintext);
        tag_bytes tag{};
        cipher.seal(key, nonce, additional, text, tag);
        EXPECT_EQ(to_hex(text), known.ciphertext);
        EXPECT_EQ(to_hex(tag), known.tag);
        EXPECT_TRUE(cipher.open(key, nonce, additional, text, tag));
        EXPECT_EQ(to_hex(text), known.plaintext);
    }
}

TEST(aead, refuses_whatever_was_changed)
{
    for (auto const& known : known_answers()) {
        crypto::aead cipher{known.algorithm};
        auto const try_open = [&](auto const& change) {
            auto key = hex_bytes(known.key);
            auto nonce = hex_bytes(known.nonce);
            auto additional = hex_bytes(known.additional);
            auto text = hex_bytes(known.ciphertext);
            auto tag = hex_bytes(known.tag);
            change(key, nonce, additional, text, tag);
            return cipher.open(
                key_of(key), nonce_of(nonce), additional, text, bytes{tag}.first<16>()
            );
        };
        auto const none = [](auto&, auto&, auto&, auto&, auto&) {};
        EXPECT_TRUE(try_open(none));
        EXPECT_FALSE(try_open([](auto& key, auto&, auto&, auto&, auto&) { key[31] ^= 1; }));
        EXPECT_FALSE(try_open([](auto&, auto& nonce, auto&, auto&, auto&) { nonce[11] ^= 1; }));
        EXPECT_FALSE(try_open([](auto&, auto&, auto& additional, auto&, auto&) {
            additional.push_back(0);
        }));
        for (std::size_t i = 0; i < 16; ++i)
            EXPECT_FALSE(try_open([i](auto&, auto&, auto&, auto&, auto& tag) { tag[i] ^= 0x80; }));
        for (std::size_t i = 0; i < known.ciphertext.size() / 2; ++i)
            EXPECT_FALSE(try_open([i](auto&, auto&, auto&, auto& text, auto&) { text[i] ^= 1; }));
        if (!known.ciphertext.empty())
            EXPECT_FALSE(try_open([](auto&, auto&, auto&, auto& text, auto&) { text.pop_back(); }));
        // A failure leaves nothing behind that would spoil the next.
        EXPECT_TRUE(try_open(none));
    }
}

TEST(aead, agrees_with_the_reference_at_every_size)
{
    for (auto const algorithm : {aead_algorithm::aes_256_gcm, aead_algorithm::chacha20_poly1305}) {
        crypto::aead cipher{algorithm};
        auto const with = algorithm == aead_algorithm::aes_256_gcm
                              ? reference::cipher::aes_256_gcm
                              : reference::cipher::chacha20_poly1305;
        auto const raw_key = pattern_bytes(32, 9);
        auto const raw_nonce = pattern_bytes(12, 5);
        for (std::size_t size = 0; size <= 70; ++size) {
            auto const plaintext = pattern_bytes(size);
            auto text = plaintext;
            auto const additional = pattern_bytes(size % 23);
            tag_bytes tag{};
            cipher.seal(key_of(raw_key), nonce_of(raw_nonce), additional, text, tag);
            append(text, tag);
            EXPECT_EQ(text, reference::seal(with, raw_key, raw_nonce, additional, plaintext));
        }
    }
}

// The GCM specification's test cases 1, 2 and 4.
TEST(aead, known_answers_of_aes_128)
{
    std::string const zeros(32, '0');
    std::vector<known_answer> const answers{
        {aead_algorithm::aes_128_gcm,
         zeros,
         zeros.substr(0, 24),
         "",
         "",
         "",
         "58e2fccefa7e3061367f1d57a4e7455a"},
        {aead_algorithm::aes_128_gcm,
         zeros,
         zeros.substr(0, 24),
         "",
         zeros,
         "0388dace60b6a392f328c2b971b2fe78",
         "ab6e47d42cec13bdf53a67b21257bddf"},
        {aead_algorithm::aes_128_gcm,
         gcm_key.substr(0, 32),
         "cafebabefacedbaddecaf888",
         "feedfacedeadbeeffeedfacedeadbeefabaddad2",
         gcm_text.substr(0, 120),
         "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5a"
         "ac84aa051ba30b396a0aac973d58e091",
         "5bc94fbc3221a5db94fae95ae7121a47"},
    };
    for (auto const& known : answers) {
        crypto::aead cipher{known.algorithm};
        auto const raw = hex_bytes(known.key);
        auto const key = crypto::aes_128_key::from(bytes{raw}.first<crypto::aes_128_key_size>());
        auto const nonce = nonce_of(hex_bytes(known.nonce));
        auto const additional = hex_bytes(known.additional);
        auto text = hex_bytes(known.plaintext);
        tag_bytes tag{};
        cipher.seal(key, nonce, additional, text, tag);
        EXPECT_EQ(to_hex(text), known.ciphertext);
        EXPECT_EQ(to_hex(tag), known.tag);
        auto wrong = tag;
        wrong[0] ^= 1;
        auto copy = text;
        EXPECT_FALSE(cipher.open(key, nonce, additional, copy, wrong));
        EXPECT_TRUE(cipher.open(key, nonce, additional, text, tag));
        EXPECT_EQ(to_hex(text), known.plaintext);
    }
}

}  // namespace
}  // namespace gatehouse::test
