// What the section of UPSS accepts, and what it says about everything else.
#include "../config/problem_texts.h"
#include "protocol/upss/options.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using testing::expect_one_problem;
using testing::file_with;
using testing::problems_of;
using testing::wrong_text;
using namespace std::chrono_literals;

// Its listeners have no credentials.
std::string upss_file(std::string_view more)
{
    static constexpr std::string_view set = "credentials: keys, ";
    auto text = file_with("protocol: upss, insecure: accept" + std::string{more});
    return text.erase(text.find(set), set.size());
}

listener upss_listener(std::string_view more)
{
    auto const made = testing::settings_of(upss_file(more));
    return made.listeners.empty() ? listener{} : made.listeners.front();
}

class wrong_upss_section : public ::testing::TestWithParam<wrong_text> {};

TEST_P(wrong_upss_section, is_explained)
{
    auto const text = ", upss: {" + std::string{GetParam().text} + "}";
    expect_one_problem(problems_of(upss_file(text)), GetParam().said, "etc/gatehouse.yaml:3:");
}

INSTANTIATE_TEST_SUITE_P(
    modules,
    wrong_upss_section,
    ::testing::Values(
        wrong_text{"routes: []", "\"routes\" must be a list of one or more routes"},
        wrong_text{"routes: /", "\"routes\" must be a list of one or more routes"},
        wrong_text{"routes: [telemetry]", "a route begins with \"/\""},
        wrong_text{"routes: [[/]]", "a route begins with \"/\""},
        wrong_text{"routes: [/, /a, /]", "route \"/\" is listed twice"},
        wrong_text{"base64: loose", "\"base64\" must be one of: strict, lenient"},
        wrong_text{"forward_plain: 1", "\"forward_plain\" must be"},
        wrong_text{"max_reply: 65KiB", "\"max_reply\""},
        wrong_text{"body_limit: 113KiB", "\"body_limit\""},
        wrong_text{"reply_timeout: 0s", "\"reply_timeout\" must be a duration above zero"},
        wrong_text{"turn_timeout: 5", "\"turn_timeout\" must be a duration"},
        wrong_text{"clock_tolerance: -1s", "\"clock_tolerance\""},
        wrong_text{"openings_per_second: 0", "\"openings_per_second\""},
        wrong_text{"key_bits: 1024", "\"key_bits\" must be one of: 2048, 3072, 4096"},
        wrong_text{"rotate: 1s", "\"rotate\" must be at least 1m, or never"},
        wrong_text{"private_key: \"file:nothing.pem\"", "the secret's file \"nothing.pem\""},
        wrong_text{
            "private_key: \"text:no key\"", "\"private_key\" must be a file with an RSA key"},
        wrong_text{"generations: []", "unknown key \"generations\""}
    )
);

TEST(upss_section, has_its_own_settings)
{
    auto const usual = upss_listener("");
    EXPECT_EQ(usual.protocol->name(), "upss");
    EXPECT_EQ(usual.transport, transport::tcp);
    EXPECT_TRUE(usual.protocol->is_unsafe());
    EXPECT_EQ(usual.limits.sessions_per_device, 0U);
    EXPECT_EQ(usual.handshake_timeout, 5s);
    EXPECT_EQ(usual.options.as<upss::options>(), upss::options{});
    auto const made = upss_listener(
        ", upss: {routes: [/a, \"/b c\"], base64: lenient, "
        "forward_plain: true, refuse_repeats: true, body_limit: 1KiB, max_reply: 1KiB, "
        "reply_timeout: 1s, turn_timeout: 2s, clock_tolerance: 5m, openings_per_second: 7, "
        "key_bits: 3072, rotate: never}"
    );
    auto const& read = made.options.as<upss::options>();
    EXPECT_EQ(read.routes, (std::vector<std::string>{"/a", "/b c"}));
    EXPECT_EQ(read.base64, upss::base64_reading::lenient);
    EXPECT_TRUE(read.forward_plain && read.refuse_repeats);
    EXPECT_EQ(read.body_limit, 1024U);
    EXPECT_EQ(read.max_reply, 1024U);
    EXPECT_EQ(read.reply_timeout, 1s);
    EXPECT_EQ(read.turn_timeout, 2s);
    EXPECT_EQ(read.clock_tolerance, 5min);
    EXPECT_EQ(read.openings_per_second, 7U);
    EXPECT_EQ(read.keys, (upss::key_choice{3072, 0ms}));
}

TEST(upss_section, has_no_credentials_and_no_devices)
{
    expect_one_problem(
        problems_of(upss_file(", limits: {sessions_per_device: 1}")),
        "\"sessions_per_device\" is not for protocol upss, whose devices have no names",
        "etc/gatehouse.yaml:3:"
    );
    expect_one_problem(
        problems_of(file_with("protocol: upss, insecure: accept")),
        "\"credentials\"",
        "etc/gatehouse.yaml:3:"
    );
}

}  // namespace

}  // namespace gatehouse::config
