// lib/crypto/aes_cbc.h: NIST SP 800-38A, F.2.1, and the padding.
#include "crypto/aes_cbc.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace literals;

crypto::aes_128_key nist_key()
{
    auto const raw = "2b7e151628aed2a6abf7158809cf4f3c"_hex;
    return crypto::aes_128_key::from(std::span{raw}.first<16>());
}

crypto::cbc_iv nist_iv()
{
    crypto::cbc_iv iv{};
    for (std::size_t i = 0; i < iv.size(); ++i)
        iv[i] = static_cast<std::uint8_t>(i);
    return iv;
}

TEST(aes_128_cbc, seals_as_nist_says)
{
    crypto::aes_128_cbc cipher;
    auto const text = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"_hex;
    byte_string sealed(crypto::cbc_size(text.size()));
    ASSERT_EQ(sealed.size(), 48U);
    cipher.seal(nist_key(), nist_iv(), text, sealed);
    EXPECT_EQ(
        copy_of(bytes{sealed}.first(32)),
        "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"_hex
    );
    ASSERT_EQ(cipher.open(nist_key(), nist_iv(), sealed), text.size());
    EXPECT_EQ(copy_of(bytes{sealed}.first(text.size())), text);
}

TEST(aes_128_cbc, every_size_comes_back)
{
    crypto::aes_128_cbc cipher;
    for (std::size_t size = 0; size < 50; ++size) {
        auto const text = pattern_bytes(size);
        byte_string sealed(crypto::cbc_size(size));
        cipher.seal(nist_key(), nist_iv(), text, sealed);
        ASSERT_EQ(cipher.open(nist_key(), nist_iv(), sealed), size);
        EXPECT_EQ(copy_of(bytes{sealed}.first(size)), text);
    }
}

TEST(aes_128_cbc, opens_whole_blocks_with_padding_only)
{
    crypto::aes_128_cbc cipher;
    byte_string none;
    EXPECT_FALSE(cipher.open(nist_key(), nist_iv(), none));
    byte_string odd(17);
    EXPECT_FALSE(cipher.open(nist_key(), nist_iv(), odd));
    unsigned refused = 0;
    for (std::uint8_t i = 0; i < 64; ++i) {
        byte_string garbage(16, i);
        refused += cipher.open(nist_key(), nist_iv(), garbage) ? 0U : 1U;
    }
    EXPECT_GT(refused, 60U);
}

}  // namespace
}  // namespace gatehouse::test
