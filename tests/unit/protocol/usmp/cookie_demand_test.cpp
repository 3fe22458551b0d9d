#include "protocol/usmp/cookie_demand.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::cookie_demand;
using usmp::cookie_policy;

constexpr time_point start = time_point{} + 1h;

TEST(cookie_demand, always_and_never_do_not_look)
{
    cookie_demand always{cookie_policy::always, 64};
    cookie_demand never{cookie_policy::never, 64};
    for (std::size_t open = 0; open <= 64; ++open) {
        EXPECT_TRUE(always.required(start, open));
        EXPECT_FALSE(never.required(start, open));
    }
}

TEST(cookie_demand, automatic_begins_at_a_quarter)
{
    cookie_demand demand{cookie_policy::automatic, 64};
    for (std::size_t open = 0; open < 16; ++open)
        EXPECT_FALSE(demand.required(start, open)) << open;
    EXPECT_TRUE(demand.required(start, 16));
}

TEST(cookie_demand, and_ceases_when_few_were_open_for_a_while)
{
    cookie_demand demand{cookie_policy::automatic, 64};
    EXPECT_TRUE(demand.required(start, 16));
    // A sixteenth and fewer are few.
    EXPECT_TRUE(demand.required(start + 5s, 4));
    EXPECT_TRUE(demand.required(start + 9'999ms, 0));
    EXPECT_FALSE(demand.required(start + 10s, 4));
    EXPECT_FALSE(demand.required(start + 10s, 15)) << "below a quarter it does not begin again";
}

TEST(cookie_demand, goes_on_while_more_than_few_are_open)
{
    cookie_demand demand{cookie_policy::automatic, 64};
    EXPECT_TRUE(demand.required(start, 16));
    auto now = start;
    for (int i = 0; i < 100; ++i) {
        now += 9s;
        EXPECT_TRUE(demand.required(now, 5));
    }
    EXPECT_TRUE(demand.required(now + 9s, 4));
    EXPECT_FALSE(demand.required(now + 10s, 4));
}

// A few open handshakes are no flood, unless they are all that there may be.
TEST(cookie_demand, automatic_does_not_begin_below_eight)
{
    for (std::size_t const most : {8U, 12U, 31U, 32U, 35U}) {
        cookie_demand demand{cookie_policy::automatic, most};
        EXPECT_FALSE(demand.required(start, 7)) << most;
        EXPECT_TRUE(demand.required(start, 8)) << most;
    }
    for (std::size_t const most : {1U, 3U, 7U}) {
        cookie_demand demand{cookie_policy::automatic, most};
        EXPECT_FALSE(demand.required(start, most - 1)) << most;
        EXPECT_TRUE(demand.required(start, most)) << most;
    }
}

}  // namespace
}  // namespace gatehouse::test
