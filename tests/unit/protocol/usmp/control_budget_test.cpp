#include "protocol/usmp/control_budget.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

TEST(control_budget, eight_in_a_second)
{
    usmp::control_budget budget;
    auto now = time_point{} + 1h;
    for (int i = 0; i < 8; ++i)
        EXPECT_TRUE(budget.allow(now + i * 100ms)) << i;
    EXPECT_FALSE(budget.allow(now + 999ms));
}

TEST(control_budget, a_new_second_is_a_new_budget)
{
    usmp::control_budget budget;
    for (auto now = time_point{} + 1h; now < time_point{} + 2h; now += 1s)
        for (int i = 0; i < 8; ++i)
            ASSERT_TRUE(budget.allow(now + i * 124ms));
}

TEST(control_budget, the_second_begins_with_a_frame)
{
    usmp::control_budget budget;
    auto const now = time_point{} + 1h;
    EXPECT_TRUE(budget.allow(now));
    for (int i = 0; i < 7; ++i)
        EXPECT_TRUE(budget.allow(now + 900ms));
    EXPECT_FALSE(budget.allow(now + 950ms));
    EXPECT_TRUE(budget.allow(now + 1s));
}

}  // namespace
}  // namespace gatehouse::test
