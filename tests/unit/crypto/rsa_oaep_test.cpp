// lib/crypto/rsa_oaep.h, beside what tests/conformance/upss_vectors_test.cpp proves of it.
#include "crypto/rsa_oaep.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

TEST(rsa_private_key, is_made_with_the_size_that_was_asked)
{
    auto const key = crypto::rsa_private_key::generate(2048);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->size(), 256U);
    EXPECT_TRUE(key->public_pem().starts_with("-----BEGIN PUBLIC KEY-----\n"));
    auto const other = crypto::rsa_private_key::generate(2048);
    ASSERT_TRUE(other);
    EXPECT_NE(key->public_pem(), other->public_pem());
}

TEST(rsa_private_key, opens_no_garbage)
{
    auto const key = crypto::rsa_private_key::generate(2048);
    ASSERT_TRUE(key);
    byte_string out(64);
    EXPECT_FALSE(key->open(byte_string(256, 0), out));
    EXPECT_FALSE(key->open(byte_string(256, 0xff), out)) << "not below the modulus";
    EXPECT_FALSE(key->open(byte_string(255, 1), out));
    EXPECT_FALSE(key->open({}, out));
}

TEST(rsa_private_key, is_read_from_pem_of_rsa_only)
{
    EXPECT_FALSE(crypto::rsa_private_key::read({}));
    EXPECT_FALSE(crypto::rsa_private_key::read(as_bytes("-----BEGIN PRIVATE KEY-----\nAAAA\n")));
    EXPECT_FALSE(crypto::rsa_private_key::read(
        as_bytes("-----BEGIN PRIVATE KEY-----\n"
                 "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
                 "-----END PRIVATE KEY-----\n")
    )) << "Ed25519";
}

}  // namespace
}  // namespace gatehouse::test
