// What the section of SPP accepts, and what it says about everything else.
#include "../config/problem_texts.h"
#include "protocol/spp/options.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using testing::expect_one_problem;
using testing::file_with;
using testing::listener_of;
using testing::problems_of;
using testing::wrong_text;
using namespace std::chrono_literals;

using spp::generation;

class wrong_spp_section : public ::testing::TestWithParam<wrong_text> {};

TEST_P(wrong_spp_section, is_explained)
{
    expect_one_problem(
        problems_of(file_with(GetParam().text)), GetParam().said, "etc/gatehouse.yaml:3:"
    );
}

INSTANTIATE_TEST_SUITE_P(
    modules,
    wrong_spp_section,
    ::testing::Values(
        wrong_text{
            "protocol: spp, spp: {generations: []}",
            "must be a list of at least one of \"0.2\", \"0.1\" and \"rs-d\""},
        wrong_text{
            "protocol: spp, spp: {generations: [\"0.3\"]}", "must be one of: 0.2, 0.1, rs-d"},
        wrong_text{"protocol: spp, spp: {generations: [\"0.2\", \"0.2\"]}", "stands twice"},
        wrong_text{"protocol: spp, spp: {generations: [rs-a]}", "uses each nonce twice"},
        wrong_text{"protocol: spp, spp: {generations: [rs-b]}", "frames its records"},
        wrong_text{"protocol: spp, spp: {generations: [\"0.2\", rs-c]}", "sends no nonces"},
        wrong_text{"protocol: spp, spp: {generations: [rs-e]}", "needs BLAKE3"},
        wrong_text{"protocol: spp, spp: {trial_keys: 0}", "a whole number from 1 to 4096"},
        wrong_text{"protocol: spp, spp: {trial_keys: 4097}", "a whole number from 1 to 4096"},
        wrong_text{"protocol: spp, spp: {greet_after: 0s}", "\"greet_after\" must be a duration"},
        wrong_text{"protocol: spp, spp: {message_limit: 65KiB}", "\"message_limit\""},
        wrong_text{"protocol: spp, spp: {cookies: never}", "unknown key \"cookies\""}
    )
);

TEST(spp_section, has_its_own_settings)
{
    auto const usual = listener_of("protocol: spp");
    EXPECT_EQ(usual.protocol->name(), "spp");
    EXPECT_EQ(usual.transport, transport::tcp);
    EXPECT_EQ(usual.idle_timeout, 1h);
    auto const& defaults = usual.options.as<spp::options>();
    EXPECT_EQ(defaults, spp::options{});
    EXPECT_TRUE(defaults.admitted.contains(generation::py_0_2));
    EXPECT_TRUE(defaults.admitted.contains(generation::py_0_1));
    EXPECT_FALSE(defaults.admitted.contains(generation::rs_d));
    auto const made = listener_of(
        "protocol: spp, idle_timeout: 5m, spp: {generations: [rs-d, \"0.1\"], trial_keys: 4096, "
        "greet_after: 50ms, message_limit: 32KiB}"
    );
    auto const& options = made.options.as<spp::options>();
    EXPECT_FALSE(options.admitted.contains(generation::py_0_2));
    EXPECT_TRUE(options.admitted.contains(generation::py_0_1));
    EXPECT_TRUE(options.admitted.contains(generation::rs_d));
    EXPECT_EQ(options.trial_keys, 4096U);
    EXPECT_EQ(options.greet_after, 50ms);
    EXPECT_EQ(options.message_limit, std::size_t{32} << 10);
    EXPECT_EQ(made.idle_timeout, 5min);
}

}  // namespace

}  // namespace gatehouse::config
