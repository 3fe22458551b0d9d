#include "gateway/timer_wheel.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr auto tick = timer_wheel::tick_length;
constexpr time_point start{123'456'789'012ns};

// Keeps its own deadline, as sessions do, and notes when it struck.
class alarm : public timed {
public:
    time_point on_due(time_point now) override
    {
        ++asked;
        if (now < due)
            return due;
        struck.push_back(now);
        due = never;
        if (then)
            then();
        return due;
    }

    time_point due = never;
    int asked = 0;
    std::vector<time_point> struck;
    std::function<void()> then;
};

void set(timer_wheel& wheel, alarm& item, time_point due)
{
    item.due = due;
    wheel.schedule(item, due);
}

// Advances from one `next_due` to the next until the wheel is empty; returns the number of
// wake-ups.
int run_dry(timer_wheel& wheel, int bound = 10'000)
{
    int wakes = 0;
    for (; wheel.next_due() != never && wakes < bound; ++wakes)
        wheel.advance(wheel.next_due());
    EXPECT_LT(wakes, bound);
    return wakes;
}

void expect_in_time(alarm const& item, time_point due)
{
    ASSERT_EQ(item.struck.size(), 1U);
    EXPECT_GE(item.struck.front(), due);
    EXPECT_LE(item.struck.front() - due, tick);
}

TEST(timer_wheel, an_empty_wheel_is_never_due)
{
    timer_wheel wheel{start};
    EXPECT_EQ(wheel.next_due(), never);
    wheel.advance(start + 24h * 365);
    EXPECT_EQ(wheel.next_due(), never);
}

TEST(timer_wheel, never_is_not_filed)
{
    timer_wheel wheel{start};
    alarm item;
    set(wheel, item, never);
    EXPECT_EQ(wheel.next_due(), never);
    wheel.advance(start + 1h);
    EXPECT_EQ(item.asked, 0);
}

TEST(timer_wheel, strikes_once_and_not_early)
{
    timer_wheel wheel{start};
    alarm item;
    set(wheel, item, start + 100ms);
    wheel.advance(start + 99ms);
    EXPECT_EQ(item.asked, 0);
    wheel.advance(start + 100ms + tick);
    EXPECT_EQ(item.struck.size(), 1U);
    wheel.advance(start + 1h);
    EXPECT_EQ(item.struck.size(), 1U);
}

// Whatever its distance: near, on either side of each level's border, and beyond the last level.
TEST(timer_wheel, is_at_most_one_tick_late_at_every_distance)
{
    std::vector<duration> distances;
    for (std::int64_t ticks = 1; ticks <= std::int64_t{1} << 32; ticks *= 2)
        for (std::int64_t const beside : {-1, 0, 1})
            for (auto const within : {-1ns, 0ns, 1ns, 4'000'000ns})
                distances.push_back((ticks + beside) * duration{tick} + within);
    for (auto const distance : distances) {
        if (distance <= duration{0})
            continue;
        SCOPED_TRACE(distance.count());
        timer_wheel wheel{start};
        wheel.advance(start + 777ms);
        alarm item;
        set(wheel, item, start + 777ms + distance);
        run_dry(wheel, 1'000);
        expect_in_time(item, start + 777ms + distance);
    }
}

TEST(timer_wheel, a_deadline_of_200_days_is_kept)
{
    timer_wheel wheel{start};
    alarm item;
    auto const due = start + 200 * 24h + 3ms;
    set(wheel, item, due);
    EXPECT_LT(run_dry(wheel), 200);
    expect_in_time(item, due);
}

TEST(timer_wheel, a_deadline_of_200_days_survives_a_leap_to_the_day_before)
{
    timer_wheel wheel{start};
    alarm item;
    auto const due = start + 200 * 24h;
    set(wheel, item, due);
    wheel.advance(start + 199 * 24h);
    EXPECT_TRUE(item.struck.empty());
    run_dry(wheel);
    expect_in_time(item, due);
}

TEST(timer_wheel, deadlines_of_centuries_do_no_harm)
{
    timer_wheel wheel{start};
    alarm far;
    alarm near;
    set(wheel, far, never - 1ns);
    set(wheel, near, start + 1s);
    wheel.advance(start + 2s);
    EXPECT_EQ(near.struck.size(), 1U);
    wheel.advance(start + 365 * 24h);
    EXPECT_TRUE(far.struck.empty());
}

TEST(timer_wheel, a_deadline_that_has_passed_strikes_at_the_next_tick)
{
    timer_wheel wheel{start};
    wheel.advance(start + 1h);
    alarm item;
    set(wheel, item, start + 1s);
    EXPECT_LE(wheel.next_due(), start + 1h + tick);
    wheel.advance(start + 1h + tick);
    EXPECT_EQ(item.struck.size(), 1U);
}

TEST(timer_wheel, a_deadline_before_the_wheel_began_strikes_at_the_next_tick)
{
    timer_wheel wheel{start};
    alarm item;
    set(wheel, item, start - 1h);
    wheel.advance(start + tick);
    EXPECT_EQ(item.struck.size(), 1U);
}

TEST(timer_wheel, time_before_the_wheel_began_changes_nothing)
{
    timer_wheel wheel{start};
    alarm item;
    set(wheel, item, start + 1s);
    wheel.advance(start - 1h);
    wheel.advance(time_point{});
    EXPECT_EQ(item.asked, 0);
    wheel.advance(start + 2s);
    EXPECT_EQ(item.struck.size(), 1U);
}

TEST(timer_wheel, time_that_goes_backwards_changes_nothing)
{
    timer_wheel wheel{start};
    wheel.advance(start + 10s);
    alarm item;
    set(wheel, item, start + 11s);
    wheel.advance(start + 5s);
    EXPECT_EQ(item.asked, 0);
    wheel.advance(start + 12s);
    EXPECT_EQ(item.struck.size(), 1U);
}

TEST(timer_wheel, a_later_deadline_is_kept)
{
    timer_wheel wheel{start};
    alarm item;
    set(wheel, item, start + 1s);
    set(wheel, item, start + 5s);
    wheel.advance(start + 4s);
    EXPECT_TRUE(item.struck.empty());
    run_dry(wheel);
    expect_in_time(item, start + 5s);
}

// What makes a busy session free.
TEST(timer_wheel, storing_a_later_deadline_a_thousand_times_costs_one_question)
{
    timer_wheel wheel{start};
    alarm item;
    for (int i = 0; i < 1'000; ++i)
        set(wheel, item, start + 60s + i * 1ms);
    wheel.advance(start + 60s + tick);
    EXPECT_EQ(item.asked, 1);
    wheel.advance(start + 61s + tick);
    EXPECT_EQ(item.asked, 2);
    EXPECT_EQ(item.struck.size(), 1U);
}

TEST(timer_wheel, an_earlier_deadline_is_kept)
{
    timer_wheel wheel{start};
    alarm item;
    set(wheel, item, start + 24h);
    set(wheel, item, start + 1s);
    wheel.advance(start + 1s + tick);
    expect_in_time(item, start + 1s);
}

TEST(timer_wheel, an_item_may_set_its_next_deadline_when_it_strikes)
{
    timer_wheel wheel{start};
    alarm item;
    item.then = [&] {
        if (item.struck.size() < 5)
            item.due = item.struck.back() + 30ms;
    };
    set(wheel, item, start + 30ms);
    run_dry(wheel);
    ASSERT_EQ(item.struck.size(), 5U);
    for (std::size_t i = 1; i < 5; ++i) {
        EXPECT_GE(item.struck[i] - item.struck[i - 1], 30ms);
        EXPECT_LE(item.struck[i] - item.struck[i - 1], 30ms + tick);
    }
}

TEST(timer_wheel, an_item_whose_next_deadline_is_now_does_not_hold_up_the_wheel)
{
    timer_wheel wheel{start};
    alarm item;
    item.then = [&] { item.due = item.struck.back(); };
    set(wheel, item, start + 30ms);
    wheel.advance(start + 24h);
    EXPECT_LE(item.struck.size(), 2U);
}

TEST(timer_wheel, all_that_is_due_strikes_in_the_order_of_ticks)
{
    timer_wheel wheel{start};
    std::vector<int> order;
    std::vector<std::unique_ptr<alarm>> items;
    for (int i = 0; i < 500; ++i) {
        auto& item = *items.emplace_back(std::make_unique<alarm>());
        item.then = [&order, i] { order.push_back(i); };
    }
    // Filed in a shuffled order, at distances of one tick to some days.
    for (int i = 0; i < 500; ++i) {
        auto const which = i * 193 % 500;
        set(wheel,
            *items[static_cast<std::size_t>(which)],
            start + which * which * which * 2 * duration{tick});
    }
    wheel.advance(start + 30 * 24h);
    ASSERT_EQ(order.size(), 500U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(timer_wheel, a_destroyed_item_does_not_strike)
{
    timer_wheel wheel{start};
    alarm staying;
    {
        alarm leaving;
        set(wheel, leaving, start + 1s);
        set(wheel, staying, start + 1s);
    }
    wheel.advance(start + 2s);
    EXPECT_EQ(staying.struck.size(), 1U);
}

TEST(timer_wheel, destroyed_items_leave_an_empty_wheel_in_the_end)
{
    timer_wheel wheel{start};
    for (int i = 0; i < 100; ++i) {
        alarm leaving;
        set(wheel, leaving, start + i * i * 1s);
    }
    run_dry(wheel, 300);
    EXPECT_EQ(wheel.next_due(), never);
}

TEST(timer_wheel, an_item_may_outlive_the_wheel)
{
    alarm item;
    {
        timer_wheel wheel{start};
        set(wheel, item, start + 1s);
    }
    timer_wheel wheel{start};
    set(wheel, item, start + 1s);
    wheel.advance(start + 2s);
    EXPECT_EQ(item.struck.size(), 1U);
}

TEST(timer_wheel, an_item_may_destroy_others_that_are_due_with_it)
{
    timer_wheel wheel{start};
    std::vector<std::unique_ptr<alarm>> items;
    int struck = 0;
    for (std::size_t i = 0; i < 100; ++i) {
        auto& item = *items.emplace_back(std::make_unique<alarm>());
        item.then = [&, i] {
            ++struck;
            for (std::size_t other = 0; other < items.size(); ++other)
                if (other != i)
                    items[other].reset();
        };
    }
    for (auto& item : items)
        set(wheel, *item, start + 1s);
    wheel.advance(start + 2s);
    EXPECT_EQ(struck, 1);
}

TEST(timer_wheel, an_item_may_file_others_when_it_strikes)
{
    timer_wheel wheel{start};
    alarm first;
    alarm same_time;
    alarm later_on;
    first.then = [&] {
        set(wheel, same_time, first.struck.back());
        set(wheel, later_on, first.struck.back() + 1s);
    };
    set(wheel, first, start + 1s);
    run_dry(wheel);
    EXPECT_EQ(same_time.struck.size(), 1U);
    expect_in_time(later_on, first.struck.front() + 1s);
}

// Both strike in one turn of the wheel; the second is moved while it waits for its own.
TEST(timer_wheel, an_item_that_is_due_may_be_put_off_by_another)
{
    timer_wheel wheel{start};
    alarm first;
    alarm second;
    first.then = [&] { set(wheel, second, start + 10s); };
    set(wheel, first, start + 1s);
    set(wheel, second, start + 1s);
    run_dry(wheel);
    expect_in_time(first, start + 1s);
    expect_in_time(second, start + 10s);
}

TEST(timer_wheel, is_asked_for_soon_and_not_for_nothing)
{
    timer_wheel wheel{start};
    alarm item;
    set(wheel, item, start + 1s);
    EXPECT_GT(wheel.next_due(), start);
    EXPECT_LE(wheel.next_due(), start + 1s + tick);
    // A wake-up for each level at most.
    EXPECT_LE(run_dry(wheel), 5);
}

}  // namespace
}  // namespace gatehouse::test
