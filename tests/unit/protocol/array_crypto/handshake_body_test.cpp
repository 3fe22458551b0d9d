// lib/protocol/array_crypto/handshake_body.h: strict where the reference is not.
#include "protocol/array_crypto/handshake_body.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::array_crypto {
namespace {

using verdict = handshake_verdict;

verdict judge(profile by, std::string const& body)
{
    return judge_handshake(by, as_bytes(body));
}

std::string hash_of(std::string const& text)
{
    return R"({"hash": ")" + text + R"("})";
}

TEST(array_crypto_handshake_body, hex_of_the_right_length_is_good)
{
    EXPECT_EQ(judge(profile::v1, hash_of(std::string(32, 'a'))), verdict::good);
    EXPECT_EQ(judge(profile::v1, hash_of(std::string(32, 'F'))), verdict::good);
    EXPECT_EQ(judge(profile::v2, hash_of(std::string(64, '0'))), verdict::good);
    EXPECT_EQ(
        judge(profile::v1, R"({"more":1,"hash":")" + std::string(32, 'a') + "\"}"), verdict::good
    );
}

TEST(array_crypto_handshake_body, other_lengths_have_a_bad_format)
{
    for (std::size_t const size : {0U, 31U, 33U, 64U})
        EXPECT_EQ(judge(profile::v1, hash_of(std::string(size, 'a'))), verdict::bad_format);
    for (std::size_t const size : {0U, 32U, 63U, 65U})
        EXPECT_EQ(judge(profile::v2, hash_of(std::string(size, 'a'))), verdict::bad_format);
}

TEST(array_crypto_handshake_body, what_is_no_hex_is_refused_also_with_spaces_between)
{
    EXPECT_EQ(judge(profile::v1, hash_of(std::string(32, 'z'))), verdict::bad_format);
    EXPECT_EQ(judge(profile::v2, hash_of(std::string(64, 'z'))), verdict::bad_hex);
    EXPECT_EQ(
        judge(profile::v2, hash_of(std::string(32, 'a') + std::string(32, ' '))), verdict::bad_hex
    );
}

TEST(array_crypto_handshake_body, other_json_has_no_hash)
{
    for (auto const* body :
         {"",
          "{",
          "{}",
          "[]",
          "null",
          "7",
          R"("hash")",
          R"({"hash":null})",
          R"({"hash":12345})",
          R"({"hash":["a"]})",
          R"({"Hash":"a"})",
          R"({"hash":"a"} x)",
          "{\"hash\":\"\xff\"}"})
        EXPECT_EQ(judge(profile::v1, body), verdict::no_hash) << body;
}

TEST(array_crypto_handshake_body, deep_json_is_refused)
{
    EXPECT_EQ(judge(profile::v1, std::string(500, '[') + std::string(500, ']')), verdict::no_hash);
}

}  // namespace
}  // namespace gatehouse::array_crypto
