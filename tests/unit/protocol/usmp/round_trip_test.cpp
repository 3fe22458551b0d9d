#include "protocol/usmp/round_trip.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::round_trip;

round_trip after(std::initializer_list<duration> samples)
{
    round_trip made;
    for (auto const taken : samples)
        made.sample(taken);
    return made;
}

TEST(round_trip, waits_half_a_second_until_it_knows_better)
{
    round_trip const unknown;
    EXPECT_EQ(unknown.timeout(1), 500ms);
    EXPECT_EQ(unknown.timeout(2), 1s);
    EXPECT_EQ(unknown.timeout(3), 2s);
    EXPECT_EQ(unknown.timeout(4), 4s);
    EXPECT_EQ(unknown.timeout(5), 5s);
    EXPECT_EQ(unknown.timeout(6), 5s);
}

// Jacobson: the variation from the old estimate, then the estimate itself.
TEST(round_trip, follows_the_samples_as_the_devices_do)
{
    // |400 - 200| = 200: variation 100 + (200 - 100) / 4 = 125, estimate 200 + 200 / 8 = 225.
    EXPECT_EQ(after({400ms}).timeout(1), 225ms + 4 * 125ms);
    // |20 - 200| = 180: 100 + 80 / 4 = 120; 200 - 180 / 8 = 177.5.
    EXPECT_EQ(after({20ms}).timeout(1), 177500us + 4 * 120ms);
}

TEST(round_trip, settles_on_a_steady_path)
{
    round_trip steady;
    for (int i = 0; i < 200; ++i)
        steady.sample(40ms);
    EXPECT_EQ(steady.timeout(1), round_trip::shortest_timeout);
    for (int i = 0; i < 200; ++i)
        steady.sample(1s);
    EXPECT_GE(steady.timeout(1), 1s);
    EXPECT_LT(steady.timeout(1), 1100ms);
}

TEST(round_trip, never_waits_less_or_more_than_it_may)
{
    EXPECT_EQ(
        after({0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 0ms,
               0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 0ms})
            .timeout(1),
        100ms
    );
    EXPECT_EQ(after({100h}).timeout(1), 5s) << "a sample counts as the longest at most";
    EXPECT_EQ(after({-5s}).timeout(5), 5s);
    EXPECT_LE(after({-5s}).timeout(1), 1s) << "a clock that goes back is no sample";
    for (unsigned sent = 1; sent < 100; ++sent)
        EXPECT_LE(after({1s}).timeout(sent), 5s);
}

TEST(round_trip, doubles_what_it_knows)
{
    auto const known = after({400ms});
    EXPECT_EQ(known.timeout(2), 2 * known.timeout(1));
    EXPECT_EQ(known.timeout(3), 4 * known.timeout(1));
}

}  // namespace
}  // namespace gatehouse::test
