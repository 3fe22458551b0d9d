#include "gateway/device_rates.h"

#include <gtest/gtest.h>

#include <chrono>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1'000s};

identity::device_id device(std::uint8_t last, std::uint8_t before = 0)
{
    std::array<std::uint8_t, 6> const mac{2, 0, 0, 0, before, last};
    return identity::device_id::from_mac(mac);
}

TEST(device_rates, without_a_rate_nothing_is_asked_or_remembered)
{
    device_rates rates;
    EXPECT_FALSE(rates.any());
    EXPECT_FALSE(rates.ask(start, device(1)).nothing());
    EXPECT_TRUE(rates.may_send(start, device(1)));
}

TEST(device_rates, let_a_seconds_worth_through_at_once_and_then_the_rate)
{
    device_rates rates{{.messages = 10}};
    EXPECT_EQ(rates.ask(start, device(1)).messages, 10U);
    EXPECT_EQ(rates.ask(start, device(1)).bytes, device_rates::unlimited);
    rates.took(start, device(1), 9, 900);
    EXPECT_EQ(rates.ask(start, device(1)).messages, 1U);
    rates.took(start, device(1), 1, 100);
    auto const full = rates.ask(start, device(1));
    EXPECT_TRUE(full.nothing());
    EXPECT_EQ(full.from, start + 100ms);
    EXPECT_FALSE(rates.may_send(start + 99ms, device(1)));
    EXPECT_EQ(rates.ask(start + 100ms, device(1)).messages, 1U);
    EXPECT_EQ(rates.ask(start + 750ms, device(1)).messages, 7U);
    EXPECT_EQ(rates.ask(start + 5s, device(1)).messages, 10U) << "no more than a second's worth";
}

TEST(device_rates, hold_over_a_long_time)
{
    device_rates rates{{.messages = 7}};
    std::size_t taken = 0;
    auto now = start;
    for (; now < start + 60s; now += 13ms) {
        auto const most = rates.ask(now, device(1));
        if (most.nothing())
            continue;
        rates.took(now, device(1), 1, 1);
        ++taken;
    }
    EXPECT_GE(taken, 60U * 7U - 1U);
    EXPECT_LE(taken, 61U * 7U);
}

TEST(device_rates, a_rate_of_one_lets_one_through)
{
    device_rates rates{{.messages = 1}};
    EXPECT_EQ(rates.ask(start, device(1)).messages, 1U);
    rates.took(start, device(1), 1, 1);
    EXPECT_EQ(rates.ask(start, device(1)).from, start + 1s);
    EXPECT_EQ(rates.ask(start + 1s, device(1)).messages, 1U);
}

TEST(device_rates, a_message_may_be_longer_than_a_seconds_worth_and_is_waited_for)
{
    device_rates rates{{.bytes = 1'000}};
    EXPECT_EQ(rates.ask(start, device(1)).bytes, 1'000U);
    EXPECT_EQ(rates.ask(start, device(1)).messages, device_rates::unlimited);
    rates.took(start, device(1), 1, 5'000);
    EXPECT_TRUE(rates.ask(start + 3'999ms, device(1)).nothing());
    auto const from = rates.ask(start, device(1)).from;
    EXPECT_GE(from, start + 4s);
    EXPECT_LT(from, start + 4s + 1ms);
    EXPECT_FALSE(rates.ask(from, device(1)).nothing());
    EXPECT_EQ(rates.ask(start + 5s, device(1)).bytes, 1'000U);
}

TEST(device_rates, both_rates_count)
{
    device_rates rates{{.messages = 2, .bytes = 1'000}};
    rates.took(start, device(1), 1, 2'000);
    EXPECT_GE(rates.ask(start, device(1)).from, start + 1s);
    device_rates others{{.messages = 2, .bytes = 1'000}};
    others.took(start, device(1), 6, 10);
    EXPECT_EQ(others.ask(start, device(1)).from, start + 2'500ms);
}

TEST(device_rates, devices_have_each_their_own)
{
    device_rates rates{{.messages = 1}};
    rates.took(start, device(1), 50, 1);
    for (std::uint8_t i = 2; i < 200; ++i)
        EXPECT_TRUE(rates.may_send(start, device(i)));
    EXPECT_FALSE(rates.may_send(start + 40s, device(1)));
}

TEST(device_rates, what_was_said_counts_at_another_rate)
{
    device_rates rates{{.messages = 10}};
    rates.took(start, device(1), 30, 1);
    rates.set_limits({.messages = 100});
    EXPECT_FALSE(rates.may_send(start + 1s, device(1)));
    EXPECT_TRUE(rates.may_send(start + 2'100ms, device(1)));
    rates.set_limits({});
    EXPECT_TRUE(rates.may_send(start, device(1)));
    EXPECT_EQ(rates.size(), 0U);
}

TEST(device_rates, only_those_who_spoke_lately_or_have_to_wait_take_memory)
{
    device_rates rates{{.messages = 10}};
    rates.took(start, device(255, 255), 100'000, 1);
    for (int second = 0; second < 20; ++second)
        for (int i = 0; i < 60'000; ++i)
            rates.took(
                start + second * 2s,
                device(static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)),
                1,
                1
            );
    EXPECT_LE(rates.size(), 200'000U);
    for (int i = 0; i < 200'000; ++i)
        rates.took(start + 1h, device(static_cast<std::uint8_t>(i), 7), 1, 1);
    EXPECT_LT(rates.size(), 10'000U);
    EXPECT_FALSE(rates.may_send(start + 1h, device(255, 255))) << "it has more to wait";
}

}  // namespace
}  // namespace gatehouse::test
