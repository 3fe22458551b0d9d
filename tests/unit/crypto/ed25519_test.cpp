#include "crypto/ed25519.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace gatehouse::test {
namespace {

struct known_answer {
    std::string_view seed;
    std::string_view own_public;
    std::string_view message;
    std::string_view signature;
};

// RFC 8032, 7.1: tests 1 to 3.
constexpr std::array<known_answer, 3> known_answers{{
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
     "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
     "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
     "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
}};

template <std::size_t Size>
std::array<std::uint8_t, Size> array_of(std::string_view digits)
{
    std::array<std::uint8_t, Size> made{};
    auto const raw = hex_bytes(digits);
    EXPECT_EQ(raw.size(), Size);
    std::copy_n(raw.begin(), Size, made.begin());
    return made;
}

crypto::ed25519_private seed_of(known_answer const& answer)
{
    return crypto::ed25519_private::from(array_of<32>(answer.seed));
}

TEST(ed25519, known_answers)
{
    crypto::ed25519 context;
    for (auto const& answer : known_answers) {
        auto const own_public = array_of<32>(answer.own_public);
        auto const message = hex_bytes(answer.message);
        EXPECT_EQ(crypto::ed25519_public_of(seed_of(answer)), own_public);
        auto const made = context.sign(seed_of(answer), own_public, message);
        EXPECT_EQ(to_hex(made), answer.signature);
        EXPECT_TRUE(context.verify(own_public, message, made));
    }
}

TEST(ed25519, refuses_whatever_was_changed)
{
    crypto::ed25519 context;
    auto const& answer = known_answers[2];
    auto const own_public = array_of<32>(answer.own_public);
    auto const signature = array_of<64>(answer.signature);
    for (std::size_t at = 0; at < signature.size(); ++at) {
        auto changed = signature;
        changed[at] ^= 1;
        EXPECT_FALSE(context.verify(own_public, hex_bytes("af82"), changed)) << at;
    }
    EXPECT_FALSE(context.verify(own_public, hex_bytes("af83"), signature));
    EXPECT_FALSE(context.verify(own_public, hex_bytes("af8200"), signature));
    EXPECT_FALSE(
        context.verify(array_of<32>(known_answers[0].own_public), hex_bytes("af82"), signature)
    );
    EXPECT_TRUE(context.verify(own_public, hex_bytes("af82"), signature));
}

TEST(ed25519, a_key_that_is_no_point_verifies_nothing)
{
    crypto::ed25519 context;
    auto no_point = array_of<32>(known_answers[0].own_public);
    no_point.fill(2);
    EXPECT_FALSE(
        context.verify(no_point, hex_bytes("af82"), array_of<64>(known_answers[2].signature))
    );
}

}  // namespace
}  // namespace gatehouse::test
