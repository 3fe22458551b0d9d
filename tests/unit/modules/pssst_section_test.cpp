// What the section of PSSST accepts, and what it says about everything else.
#include "../config/problem_texts.h"
#include "protocol/pssst/options.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using testing::expect_one_problem;
using testing::file_with;
using testing::listener_of;
using testing::problems_of;
using testing::wrong_text;
using namespace std::chrono_literals;

class wrong_pssst_section : public ::testing::TestWithParam<wrong_text> {};

TEST_P(wrong_pssst_section, is_explained)
{
    expect_one_problem(
        problems_of(file_with(GetParam().text)), GetParam().said, "etc/gatehouse.yaml:3:"
    );
}

INSTANTIATE_TEST_SUITE_P(
    modules,
    wrong_pssst_section,
    ::testing::Values(
        wrong_text{"protocol: pssst, pssst: {reply_timeout: 0s}", "\"reply_timeout\""},
        wrong_text{"protocol: pssst, pssst: {max_reply: 51}", "from 52 to 2048"},
        wrong_text{"protocol: pssst, pssst: {max_reply: 2049}", "from 52 to 2048"},
        wrong_text{"protocol: pssst, pssst: {duplicates: {entries: 1}}", "\"entries\""},
        wrong_text{"protocol: pssst, pssst: {duplicates: {bytes: 1KiB}}", "\"bytes\""},
        wrong_text{"protocol: pssst, pssst: {duplicates: {window: 0s}}", "\"window\""},
        wrong_text{"protocol: pssst, pssst: {duplicates: never}", "must be a map of keys"},
        wrong_text{"protocol: pssst, pssst: {duplicates: {age: 5s}}", "unknown key \"age\""},
        wrong_text{"protocol: pssst, pssst: {once: {requests: 0}}", "\"requests\""},
        wrong_text{"protocol: pssst, pssst: {once: {requests: 1000000001}}", "\"requests\""},
        wrong_text{"protocol: pssst, pssst: {once: 5}", "must be a map of keys"},
        wrong_text{"protocol: pssst, pssst: {once: {times: 5}}", "unknown key \"times\""}
    )
);

TEST(pssst_section, has_its_own_settings)
{
    auto const usual = listener_of("protocol: pssst");
    EXPECT_EQ(usual.protocol->name(), "pssst");
    EXPECT_EQ(usual.transport, transport::udp);
    EXPECT_EQ(usual.options.as<pssst::options>(), pssst::options{});
    auto const made =
        listener_of("protocol: pssst, transport: udp, pssst: {reply_timeout: 2s, max_reply: 2048, "
                    "duplicates: {entries: 1000, bytes: 1MiB, window: 30s}, once: {requests: 99}}");
    EXPECT_EQ(pssst::options{}.once_requests, 10'000'000U);
    auto const& options = made.options.as<pssst::options>();
    EXPECT_EQ(options.once_requests, 99U);
    EXPECT_EQ(options.reply_timeout, 2s);
    EXPECT_EQ(options.max_reply, 2'048U);
    EXPECT_EQ(options.duplicates.entries, 1'000U);
    EXPECT_EQ(options.duplicates.bytes, std::size_t{1} << 20);
    EXPECT_EQ(options.duplicates.window, 30s);
}

}  // namespace

}  // namespace gatehouse::config
