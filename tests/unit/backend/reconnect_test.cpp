#include "backend/reconnect.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace gatehouse::test {
namespace {

using backend::reconnect;
using std::chrono::milliseconds;

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

// The step after `failures` attempts, as the longest delay that any random number gives.
milliseconds step_after(int failures)
{
    milliseconds longest{0};
    for (std::uint64_t random = 0; random <= 2'000; ++random) {
        reconnect tries;
        for (int i = 0; i < failures; ++i)
            static_cast<void>(tries.next_delay(0));
        longest = std::max(longest, tries.next_delay(random));
    }
    return longest;
}

TEST(reconnect, starts_with_the_first_step)
{
    EXPECT_EQ(step_after(0), backend::reconnect_first);
}

TEST(reconnect, doubles_up_to_the_longest)
{
    auto wanted = backend::reconnect_first;
    for (int failures = 0; failures < 12; ++failures) {
        EXPECT_EQ(step_after(failures), std::min(wanted, backend::reconnect_longest)) << failures;
        wanted *= 2;
    }
}

TEST(reconnect, half_of_the_step_is_jitter)
{
    auto const half = backend::reconnect_first / 2;
    EXPECT_EQ(reconnect{}.next_delay(0), half);
    auto const width = static_cast<std::uint64_t>(half.count());
    for (std::uint64_t random = 0; random <= width; ++random)
        EXPECT_EQ(reconnect{}.next_delay(random), half + milliseconds{random});
    EXPECT_EQ(reconnect{}.next_delay(width + 1), half);
}

TEST(reconnect, stays_between_the_bounds_whatever_is_drawn)
{
    std::mt19937_64 draw{1};
    reconnect tries;
    for (int i = 0; i < 10'000; ++i) {
        auto const delay = tries.next_delay(i % 3 == 0 ? most : draw());
        EXPECT_GE(delay, backend::reconnect_first / 2);
        EXPECT_LE(delay, backend::reconnect_longest);
        if (i % 100 == 0)
            tries.succeeded();
    }
}

TEST(reconnect, never_gives_up)
{
    reconnect tries;
    for (int i = 0; i < 1'000; ++i)
        static_cast<void>(tries.next_delay(most));
    EXPECT_GE(tries.next_delay(0), backend::reconnect_longest / 2);
}

TEST(reconnect, success_starts_over)
{
    reconnect tries;
    for (int i = 0; i < 10; ++i)
        static_cast<void>(tries.next_delay(0));
    tries.succeeded();
    EXPECT_EQ(tries.next_delay(0), backend::reconnect_first / 2);
    EXPECT_EQ(tries.next_delay(0), backend::reconnect_first);
}

}  // namespace
}  // namespace gatehouse::test
