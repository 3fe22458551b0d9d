// What the section of Array-Crypto accepts, and what it says about everything else.
#include "../config/problem_texts.h"
#include "protocol/array_crypto/options.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using testing::expect_one_problem;
using testing::file_with;
using testing::listener_of;
using testing::problems_of;
using testing::wrong_text;
using namespace std::chrono_literals;

class wrong_array_crypto_section : public ::testing::TestWithParam<wrong_text> {};

TEST_P(wrong_array_crypto_section, is_explained)
{
    expect_one_problem(
        problems_of(file_with(GetParam().text)), GetParam().said, "etc/gatehouse.yaml:3:"
    );
}

INSTANTIATE_TEST_SUITE_P(
    modules,
    wrong_array_crypto_section,
    ::testing::Values(
        wrong_text{
            "protocol: array-crypto, insecure: accept, array-crypto: {message_limit: 65KiB}",
            "\"message_limit\""},
        wrong_text{
            "protocol: array-crypto, insecure: accept, array-crypto: {reply_timeout: 0s}",
            "\"reply_timeout\" must be a duration above zero"},
        wrong_text{
            "protocol: array-crypto, insecure: accept, array-crypto: {answers: 1}",
            "\"answers\" must be"},
        wrong_text{
            "protocol: array-crypto, insecure: accept, array-crypto: {generations: []}",
            "unknown key \"generations\""},
        wrong_text{
            "protocol: array-crypto, insecure: accept, transport: udp",
            "protocol array-crypto is spoken over TCP"},
        wrong_text{
            "array-crypto: {answers: false}",
            "\"array-crypto\" is only for listeners with protocol: array-crypto"}
    )
);

TEST(array_crypto_section, has_its_own_settings)
{
    auto const usual = listener_of("protocol: array-crypto, insecure: accept");
    EXPECT_EQ(usual.protocol->name(), "array-crypto");
    EXPECT_EQ(usual.transport, transport::tcp);
    EXPECT_TRUE(usual.protocol->is_unsafe());
    EXPECT_EQ(usual.options.as<array_crypto::options>(), array_crypto::options{});
    auto const made =
        listener_of("protocol: array-crypto, insecure: accept, array-crypto: {message_limit: 4KiB, "
                    "reply_timeout: 250ms, answers: false}");
    auto const& options = made.options.as<array_crypto::options>();
    EXPECT_EQ(options.message_limit, std::size_t{4} << 10);
    EXPECT_EQ(options.reply_timeout, 250ms);
    EXPECT_FALSE(options.answers);
}

}  // namespace

}  // namespace gatehouse::config
