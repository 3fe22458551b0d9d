// What the section of USMP accepts, and what it says about everything else.
#include "../config/problem_texts.h"
#include "protocol/usmp/options.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using testing::expect_one_problem;
using testing::file_with;
using testing::listener_of;
using testing::problems_of;
using testing::wrong_text;
using namespace std::chrono_literals;

TEST(usmp_section, a_short_idle_timeout_over_udp_is_warned_about)
{
    auto const said = testing::warnings_of(file_with("transport: udp, idle_timeout: 6s"));
    ASSERT_EQ(said.size(), 1U);
    EXPECT_TRUE(said.front().starts_with("etc/gatehouse.yaml:3:")) << said.front();
    EXPECT_NE(said.front().find("an \"idle_timeout\" of 6000ms"), std::string::npos);
    for (auto const* fine :
         {"transport: udp, idle_timeout: 12500ms",
          "transport: udp",
          "idle_timeout: 6s",
          "protocol: pssst, idle_timeout: 6s"})
        EXPECT_EQ(testing::warnings_of(file_with(fine)), std::vector<std::string>{}) << fine;
}

class wrong_usmp_section : public ::testing::TestWithParam<wrong_text> {};

TEST_P(wrong_usmp_section, is_explained)
{
    expect_one_problem(
        problems_of(file_with(GetParam().text)), GetParam().said, "etc/gatehouse.yaml:3:"
    );
}

INSTANTIATE_TEST_SUITE_P(
    modules,
    wrong_usmp_section,
    ::testing::Values(
        wrong_text{"usmp: {generations: []}", "\"generations\" must be a list of at least one"},
        wrong_text{"usmp: {generations: \"2\"}", "\"generations\" must be a list of at least one"},
        wrong_text{"usmp: {generations: [\"3\"]}", "must be one of: 2, 1-bound, 1, not \"3\""},
        wrong_text{"usmp: {generations: [\"2\", \"2\"]}", "generation \"2\" stands twice"},
        wrong_text{"usmp: {cipher: aes-128-gcm}", "must be one of: aes-256-gcm, chacha20-poly1305"},
        wrong_text{"usmp: {cookies: sometimes}", "\"cookies\" must be one of: auto, always, never"},
        wrong_text{"usmp: {frame_budget: 15}", "a whole number from 16 to 4294967294"},
        wrong_text{"usmp: {frame_budget: 4294967295}", "a whole number from 16 to 4294967294"},
        wrong_text{"usmp: {frames: 1}", "unknown key \"frames\""},
        wrong_text{"usmp: []", "\"usmp\" must be a map of keys, not a list"}
    )
);

TEST(usmp_section, has_defaults)
{
    auto const usual = listener_of("");
    EXPECT_EQ(usual.protocol->name(), "usmp");
    EXPECT_EQ(usual.options.as<usmp::options>(), usmp::options{});
    EXPECT_EQ(listener_of("usmp: {}").options, usual.options);
    EXPECT_TRUE(usual.options.as<usmp::options>().admit_v2);
    EXPECT_FALSE(usual.options.as<usmp::options>().admit_v1);
}

TEST(usmp_section, sets_generations_cipher_cookies_and_budget)
{
    auto const made = listener_of("usmp: {generations: [1-bound, 1], cipher: chacha20-poly1305, "
                                  "cookies: never, frame_budget: 4294967294}")
                          .options.as<usmp::options>();
    EXPECT_FALSE(made.admit_v2);
    EXPECT_TRUE(made.admit_v1_bound);
    EXPECT_TRUE(made.admit_v1);
    EXPECT_EQ(made.cipher, crypto::aead_algorithm::chacha20_poly1305);
    EXPECT_EQ(made.cookies, usmp::cookie_policy::never);
    EXPECT_EQ(made.frame_budget, 4'294'967'294U);
}

}  // namespace

}  // namespace gatehouse::config
