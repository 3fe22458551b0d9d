#include "protocol/usmp/cookie_demand.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::cookie_demand;
using usmp::cookie_policy;

constexpr time_point start = time_point{} + 1h;

// Handshakes that end at once, `apart` from each other.
void begin_and_end(cookie_demand& demand, std::size_t count, time_point from, duration apart = 0s)
{
    for (auto now = from; count > 0; --count, now += apart)
        demand.begun(now);
}

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

// --- what begins and ends at once -------------------------------------------------------------

TEST(cookie_demand_begun, as_many_in_a_second_as_may_be_open_are_a_flood)
{
    cookie_demand demand{cookie_policy::automatic, 64};
    begin_and_end(demand, 63, start, 10ms);
    EXPECT_FALSE(demand.required(start + 700ms, 0));
    begin_and_end(demand, 1, start + 999ms);
    EXPECT_TRUE(demand.required(start + 999ms, 0));
}

TEST(cookie_demand_begun, asking_ceases_when_few_were_open_for_a_while)
{
    cookie_demand demand{cookie_policy::automatic, 64};
    begin_and_end(demand, 64, start);
    EXPECT_TRUE(demand.required(start, 0));
    EXPECT_TRUE(demand.required(start + 9'999ms, 4));
    EXPECT_FALSE(demand.required(start + 10s, 4));
    EXPECT_FALSE(demand.required(start + 10s, 15)) << "below a quarter it does not begin again";
}

TEST(cookie_demand_begun, asking_goes_on_while_more_than_few_are_open)
{
    cookie_demand demand{cookie_policy::automatic, 64};
    begin_and_end(demand, 64, start);
    EXPECT_TRUE(demand.required(start + 9s, 5));
    EXPECT_TRUE(demand.required(start + 18s, 5));
    EXPECT_FALSE(demand.required(start + 28s, 5));
}

TEST(cookie_demand_begun, a_flood_that_comes_back_is_asked_again)
{
    cookie_demand demand{cookie_policy::automatic, 64};
    for (auto now = start; now < start + 100s; now += 10s) {
        EXPECT_FALSE(demand.required(now, 0));
        begin_and_end(demand, 64, now);
        EXPECT_TRUE(demand.required(now, 0));
    }
}

TEST(cookie_demand_begun, fewer_in_each_second_are_none_however_long_it_lasts)
{
    cookie_demand demand{cookie_policy::automatic, 64};
    for (auto now = start; now < start + 1h; now += 1s) {
        begin_and_end(demand, 63, now, 15ms);
        ASSERT_FALSE(demand.required(now + 999ms, 0));
    }
}

TEST(cookie_demand_begun, fewer_than_eight_in_a_second_are_none)
{
    for (std::size_t const most : {1U, 3U, 8U}) {
        cookie_demand demand{cookie_policy::automatic, most};
        begin_and_end(demand, 7, start);
        EXPECT_FALSE(demand.required(start, 0)) << most;
        begin_and_end(demand, 1, start);
        EXPECT_TRUE(demand.required(start, 0)) << most;
    }
}

TEST(cookie_demand_begun, never_does_not_look)
{
    cookie_demand demand{cookie_policy::never, 64};
    begin_and_end(demand, 1'000, start);
    EXPECT_FALSE(demand.required(start, 0));
}

}  // namespace
}  // namespace gatehouse::test
