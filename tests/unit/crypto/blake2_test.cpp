// lib/crypto/blake2.h: against RFC 7693 and Python's hashlib.
#include "crypto/blake2.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

std::string blake2b(std::size_t size, bytes key, std::initializer_list<bytes> parts)
{
    byte_string made(size);
    crypto::blake2b(made, key, parts);
    return to_hex(made);
}

std::string blake2s(std::size_t size, std::initializer_list<bytes> parts)
{
    byte_string made(size);
    crypto::blake2s(made, parts);
    return to_hex(made);
}

TEST(blake2, the_examples_of_its_rfc)
{
    EXPECT_EQ(
        blake2b(64, {}, {as_bytes("abc")}),
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
        "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"
    );
    EXPECT_EQ(
        blake2s(32, {as_bytes("abc")}),
        "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"
    );
}

TEST(blake2, the_length_is_a_parameter)
{
    EXPECT_EQ(
        blake2b(20, {}, {as_bytes("a"), as_bytes("bc")}), "384264f676f39536840523f284921cdc68b6846b"
    );
    EXPECT_EQ(blake2s(16, {as_bytes("ab"), {}, as_bytes("c")}), "aa4938119b1dc7b87cbad0ffd200d0ae");
    EXPECT_EQ(
        blake2b(32, as_bytes("round1"), {as_bytes("abc")}),
        "5605a4c7e7eda82fd6beada5cb64166ef1814e5068cf357e00f4fffa840d57c8"
    );
}

TEST(hmac_blake2b, the_tag_of_what_there_is_so_far)
{
    crypto::hmac_blake2b hmac;
    hmac.begin(as_bytes("key"));
    hmac.append(as_bytes("abc"));
    auto const first = to_hex(hmac.tag());
    EXPECT_EQ(
        first,
        "05cc4815438d5cfe68fff446b8df57828cc96189de4b4e928e3f06d815d64e5b"
        "c15124a02ffd39859b3e2476da03bc0235ca86df623af2a5631779809e9fd04a"
    );
    EXPECT_EQ(to_hex(hmac.tag()), first);
    for (int i = 0; i < 50; ++i)
        hmac.append(as_bytes("def"));
    EXPECT_EQ(
        to_hex(hmac.tag()),
        "f3935302a37c6fb182844e5c61b4a97433126cb3cc71e00c9bde12171e940f49"
        "d3ec2f0c6afe23dab8fc722c56f4b93578619c41f66579e99be136e85fc763d7"
    );
    hmac.wipe();
    hmac.begin({});
    EXPECT_EQ(
        to_hex(hmac.tag()),
        "198cd2006f66ff83fbbd913f78aca2251caf4f19fe9475aade8cf2091b99a684"
        "66775177424f58286886cbae8229644cec747237d4b721735485e17372fdf59c"
    );
}

}  // namespace
}  // namespace gatehouse::test
