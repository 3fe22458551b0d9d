#include "gateway/source_shares.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1'000s};
constexpr std::uint64_t seed = 0x0123456789abcdef;
constexpr double rate = 200;

peer_address host(std::uint32_t number)
{
    return peer_address::v4(
        {10,
         static_cast<std::uint8_t>(number >> 16),
         static_cast<std::uint8_t>(number >> 8),
         static_cast<std::uint8_t>(number)},
        1
    );
}

peer_address in_network(std::uint32_t network, std::uint8_t last = 1)
{
    return host(network << 8 | last);
}

// In a /56 of its own /64s.
peer_address v6(std::uint8_t network, std::uint8_t last)
{
    peer_address made;
    made.ip = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, network};
    made.ip[15] = last;
    return made;
}

// Asks in each millisecond for so long; `ask(i, now)` is called each time.
void every_millisecond(
    std::chrono::milliseconds during, std::function<void(int, time_point)> const& ask
)
{
    for (int i = 0; i < during.count(); ++i)
        ask(i, start + std::chrono::milliseconds{i});
}

std::uint32_t random_number(std::mt19937& draw)
{
    return static_cast<std::uint32_t>(draw());
}

// How many of `tries` are granted at once.
int burst(source_shares& shares, time_point now, source_shares::asker const& who, int tries)
{
    int granted = 0;
    for (int i = 0; i < tries; ++i)
        granted += shares.take(now, who) ? 1 : 0;
    return granted;
}

TEST(source_shares, without_a_rate_there_is_no_bound)
{
    source_shares shares{0, seed};
    EXPECT_EQ(burst(shares, start, host(1), 10'000), 10'000);
}

TEST(source_shares, one_source_alone_has_the_whole_budget)
{
    source_shares shares{rate, seed};
    EXPECT_EQ(burst(shares, start, host(1), 1'000), 200);
    int granted = 0;
    every_millisecond(10s, [&](int, time_point now) { granted += burst(shares, now, host(1), 9); });
    EXPECT_NEAR(granted, 10 * rate, 2);
}

TEST(source_shares, a_newcomer_gets_in_whatever_a_flood_takes)
{
    source_shares shares{rate, seed};
    int refused = 0;
    every_millisecond(10s, [&](int i, time_point now) {
        burst(shares, now, host(1), 9);
        if (i % 20 == 19)
            refused += shares.take(now, in_network(7)) ? 0 : 1;
    });
    EXPECT_EQ(refused, 0);
}

TEST(source_shares, a_newcomer_gets_in_beside_a_flood_of_its_own_network)
{
    for (std::uint8_t const floods : {std::uint8_t{1}, std::uint8_t{10}, std::uint8_t{30}}) {
        source_shares shares{rate, seed};
        int refused = 0;
        every_millisecond(10s, [&](int i, time_point now) {
            for (std::uint8_t k = 1; k <= floods; ++k)
                burst(shares, now, in_network(1, k), 2);
            if (i > 2'000 && i % 500 == 0)
                refused += shares.take(now, in_network(1, 200)) ? 0 : 1;
        });
        EXPECT_EQ(refused, 0) << int{floods};
    }
}

TEST(source_shares, many_networks_share_alike)
{
    for (std::uint32_t const floods : {2U, 10U, 50U}) {
        source_shares shares{rate, seed};
        std::vector<int> granted(floods);
        int refused = 0;
        every_millisecond(20s, [&](int i, time_point now) {
            for (std::uint32_t k = 0; k < floods; ++k)
                granted[k] += burst(shares, now, in_network(k), k == 0 ? 20 : 2);
            if (i > 5'000 && i % 1'000 == 0)
                refused += shares.take(now, in_network(200)) ? 0 : 1;
        });
        EXPECT_EQ(refused, 0) << floods;
        for (auto const one : granted)
            EXPECT_NEAR(one, 20 * rate / floods, 20 * rate / floods * 0.75) << floods;
    }
}

TEST(source_shares, many_addresses_of_one_network_have_little_more_than_one)
{
    source_shares shares{rate, seed};
    int crowd = 0;
    int one = 0;
    every_millisecond(20s, [&](int, time_point now) {
        for (std::uint8_t k = 1; k <= 20; ++k)
            crowd += burst(shares, now, in_network(1, k), 1);
        one += burst(shares, now, in_network(2), 1);
    });
    EXPECT_GE(one, 20 * rate / 2 * 0.7);
    EXPECT_LE(crowd, 1.75 * one);
    EXPECT_GE(crowd, one);
}

TEST(source_shares, the_sum_is_the_budget_whoever_asks)
{
    source_shares shares{rate, seed};
    std::mt19937 draw{7};
    int granted = 0;
    every_millisecond(20s, [&](int, time_point now) {
        for (int k = 0; k < 20; ++k) {
            auto const from = host(random_number(draw) % 4'000'000);
            auto const what = random_number(draw) % 3 == 0 ? standing::proven : standing::unknown;
            granted += shares.take(now, {from, what}) ? 1 : 0;
        }
    });
    EXPECT_GE(granted, 20 * rate);
    EXPECT_LE(granted, 20 * rate + rate + 1.5 * rate + rate / 4 + 2);
}

TEST(source_shares, the_proven_come_first_whoever_floods)
{
    source_shares shares{rate, seed};
    std::mt19937 draw{7};
    int refused = 0;
    every_millisecond(10s, [&](int i, time_point now) {
        for (int k = 0; k < 20; ++k)
            shares.take(now, host(random_number(draw) % 16'000'000));
        if (i % 20 == 19)
            refused += shares.take(now, {in_network(7), standing::proven}) ? 0 : 1;
    });
    EXPECT_EQ(refused, 0);
}

TEST(source_shares, a_proven_device_comes_first_beside_a_flood_of_its_own_address)
{
    source_shares shares{rate, seed};
    std::mt19937 draw{7};
    int refused = 0;
    every_millisecond(10s, [&](int i, time_point now) {
        burst(shares, now, host(1), 9);
        for (int k = 0; k < 20; ++k)
            shares.take(now, host(random_number(draw) % 16'000'000));
        auto const address = host(1);
        source_shares::asker device{address};
        device.proven_device = 42;
        if (i % 100 == 99)
            refused += shares.take(now, device) ? 0 : 1;
    });
    EXPECT_EQ(refused, 0);
}

// Somebody sends in the name of an address or a device that is known to be good.
TEST(source_shares, what_is_done_in_the_name_of_the_proven_has_a_bound)
{
    source_shares shares{rate, seed};
    int refused_newcomers = 0;
    int refused_proven = 0;
    every_millisecond(10s, [&](int i, time_point now) {
        for (std::uint32_t k = 0; k < 10; ++k)
            burst(shares, now, {in_network(k), standing::proven}, 2);
        if (i < 3'000 || i % 500 != 0)
            return;
        refused_newcomers += shares.take(now, in_network(100)) ? 0 : 1;
        refused_proven += shares.take(now, {in_network(200), standing::proven}) ? 0 : 1;
    });
    EXPECT_EQ(refused_proven, 0);
    EXPECT_EQ(refused_newcomers, 0);
}

TEST(source_shares, a_forged_address_of_the_proven_costs_that_one_only)
{
    source_shares shares{rate, seed};
    every_millisecond(2s, [&](int, time_point now) {
        burst(shares, now, {in_network(1), standing::proven}, 9);
    });
    EXPECT_FALSE(shares.take(start + 2s, {in_network(1), standing::proven}));
    EXPECT_TRUE(shares.take(start + 2s, {in_network(2), standing::proven}));
    EXPECT_TRUE(shares.take(start + 2s, in_network(3)));
}

TEST(source_shares, addresses_of_a_v6_network_count_together)
{
    source_shares shares{rate, seed};
    every_millisecond(2s, [&](int i, time_point now) {
        burst(shares, now, v6(1, static_cast<std::uint8_t>(i)), 9);
    });
    EXPECT_FALSE(shares.take(start + 2s, v6(1, 200)));
    EXPECT_TRUE(shares.take(start + 2s, v6(2, 200)));
}

TEST(source_shares, keys_change_and_shares_go_on)
{
    source_shares shares{rate, seed};
    int refused = 0;
    int flood = 0;
    every_millisecond(130s, [&](int i, time_point now) {
        flood += burst(shares, now, host(1), 3);
        if (i % 500 == 499)
            refused += shares.take(now, in_network(7)) ? 0 : 1;
    });
    EXPECT_EQ(refused, 0);
    EXPECT_LE(flood, 130 * rate + 3 * rate);
}

TEST(source_shares, time_that_goes_back_gives_nothing)
{
    source_shares shares{rate, seed};
    EXPECT_EQ(burst(shares, start + 10s, host(1), 1'000), 200);
    EXPECT_EQ(burst(shares, start, host(1), 1'000), 0);
    EXPECT_EQ(burst(shares, start + 10s, host(1), 1'000), 0);
}

TEST(source_shares, a_new_rate_counts_from_now_on)
{
    source_shares shares{rate, seed};
    burst(shares, start, host(1), 1'000);
    shares.set_rate(10);
    EXPECT_EQ(burst(shares, start, host(1), 1'000), 10);
    shares.set_rate(0);
    EXPECT_EQ(burst(shares, start, host(1), 1'000), 1'000);
}

TEST(source_shares, what_is_charged_is_missing)
{
    source_shares shares{rate, seed};
    for (int i = 0; i < 150; ++i)
        shares.charge(start, host(1));
    int granted = 0;
    while (shares.take(start, host(1)))
        ++granted;
    EXPECT_EQ(granted, 50);
}

// Who gives back what he took has cost nobody anything.
TEST(source_shares, what_is_given_back_was_not_taken)
{
    source_shares shares{rate, seed};
    for (int i = 0; i < 10'000; ++i) {
        ASSERT_TRUE(shares.take(start, host(1))) << i;
        shares.give_back(host(1));
    }
    int granted = 0;
    while (shares.take(start, host(2)))
        ++granted;
    EXPECT_GE(granted, static_cast<int>(rate));
}

}  // namespace
}  // namespace gatehouse::test
