#include "gateway/unproven_order.h"
#include "support/allocation_counts.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <set>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using slot = unproven_order::slot;
using found = std::optional<slot>;

constexpr time_point start{1'000s};

peer_address host(std::uint8_t last, std::uint8_t network = 0, std::uint16_t port = 1)
{
    return peer_address::v4({192, 0, network, last}, port);
}

source_prefix source(std::uint8_t last)
{
    return source_of(host(last));
}

class unproven_order_test : public testing::Test {
protected:
    // The next in age, a second after the one before.
    slot add(peer_address const& peer)
    {
        now_ += 1s;
        return order.add(now_, peer);
    }
    slot add(std::uint8_t last) { return add(host(last)); }
    void add_many(int count, peer_address const& peer)
    {
        for (int i = 0; i < count; ++i)
            add(peer);
    }

    unproven_order order{64};

private:
    time_point now_ = start;
};

TEST_F(unproven_order_test, is_empty_at_first)
{
    EXPECT_EQ(order.size(), 0U);
    EXPECT_EQ(order.count_of(source(1)), 0U);
    EXPECT_EQ(order.oldest(), found{});
    EXPECT_EQ(order.oldest_before(never), found{});
    EXPECT_EQ(order.oldest_of(source(1), never), found{});
    EXPECT_EQ(order.oldest_of_a_crowd(host(1)), found{});
    EXPECT_EQ(order.yields_to(host(1)), found{});
}

TEST_F(unproven_order_test, knows_the_oldest)
{
    auto const first = add(1);
    auto const second = add(2);
    auto const third = add(1);
    EXPECT_EQ(order.oldest(), first);
    order.remove(second);
    EXPECT_EQ(order.oldest(), first);
    order.remove(first);
    EXPECT_EQ(order.oldest(), third);
    auto const fourth = add(2);
    order.remove(third);
    EXPECT_EQ(order.oldest(), fourth);
}

TEST_F(unproven_order_test, is_empty_again_when_all_were_removed)
{
    std::vector<slot> slots;
    for (int i = 0; i < 10; ++i)
        slots.push_back(add(static_cast<std::uint8_t>(i % 3)));
    for (std::size_t const i : {9U, 0U, 5U, 4U, 1U, 8U, 2U, 3U, 7U, 6U})
        order.remove(slots[i]);
    EXPECT_EQ(order.size(), 0U);
    EXPECT_EQ(order.oldest(), found{});
    for (std::uint8_t last = 0; last < 3; ++last)
        EXPECT_EQ(order.count_of(source(last)), 0U);
    EXPECT_EQ(order.yields_to(host(1)), found{});
}

TEST_F(unproven_order_test, counts_ports_and_an_ipv6_network_as_one_source)
{
    add(host(1, 0, 1'000));
    auto const second = add(host(1, 0, 2'000));
    EXPECT_EQ(order.count_of(source(1)), 2U);
    EXPECT_EQ(order.count_beside(second), 2U);
    peer_address const here{
        .ip = {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, .port = 1};
    auto neighbour = here;
    neighbour.ip[15] = 7;
    auto const first = add(here);
    add(neighbour);
    EXPECT_EQ(order.count_of(source_of(here)), 2U);
    EXPECT_EQ(order.oldest_of(source_of(neighbour), never), first);
}

TEST_F(unproven_order_test, knows_who_began_by_then)
{
    auto const first = add(1);
    auto const second = add(2);
    EXPECT_EQ(order.oldest_before(start + 1s - 1ns), found{});
    EXPECT_EQ(order.oldest_before(start + 1s), first);
    EXPECT_EQ(order.oldest_of(source(2), start + 1s), found{}) << "whatever others did";
    EXPECT_EQ(order.oldest_of(source(2), start + 2s), second);
    EXPECT_EQ(order.oldest_of(source(3), never), found{});
}

TEST_F(unproven_order_test, uses_the_places_of_those_that_are_gone)
{
    std::set<slot> seen;
    std::vector<slot> slots;
    for (int i = 0; i < 20; ++i) {
        slots.push_back(add(1));
        EXPECT_TRUE(seen.insert(slots.back()).second) << "two in one place";
    }
    for (int round = 0; round < 100; ++round) {
        order.remove(slots[3]);
        order.remove(slots[17]);
        slots[3] = add(2);
        slots[17] = add(1);
        EXPECT_NE(slots[3], slots[17]);
        EXPECT_TRUE(seen.contains(slots[3]) && seen.contains(slots[17]));
    }
    EXPECT_EQ(order.size(), 20U);
}

TEST_F(unproven_order_test, takes_its_memory_at_once)
{
    auto const before = allocations();
    for (int i = 0; i < 64; ++i)
        add(host(1, static_cast<std::uint8_t>(i)));
    EXPECT_EQ(allocations(), before);
}

TEST_F(unproven_order_test, grows_beyond_what_was_expected)
{
    for (int i = 0; i < 200; ++i)
        add(host(1, static_cast<std::uint8_t>(i)));
    EXPECT_EQ(order.size(), 200U);
    EXPECT_EQ(order.oldest_of(source_of(host(1, 199)), never), slot{199});
}

// --- crowds -------------------------------------------------------------------------------------

TEST_F(unproven_order_test, of_the_network_with_most_the_address_with_most_makes_way)
{
    add_many(5, host(1, 1));
    add_many(2, host(1, 2));
    auto const crowd = add(host(2, 2));
    add_many(3, host(2, 2));
    add_many(1, host(3, 2));
    EXPECT_EQ(order.oldest_of_a_crowd(host(9, 9)), crowd);
}

TEST_F(unproven_order_test, nobody_makes_way_for_a_network_that_would_have_as_many)
{
    auto const first = add(host(1, 1));
    EXPECT_EQ(order.oldest_of_a_crowd(host(1, 2)), found{}) << "one for one";
    add(host(1, 1));
    EXPECT_EQ(order.oldest_of_a_crowd(host(1, 2)), first);
    auto const own = add(host(1, 2));
    EXPECT_EQ(order.oldest_of_a_crowd(host(1, 2)), found{});
    order.remove(own);
    EXPECT_EQ(order.oldest_of_a_crowd(host(1, 2)), first);
}

TEST_F(unproven_order_test, in_one_network_the_address_with_most_makes_way)
{
    auto const first = add(1);
    add(2);
    EXPECT_EQ(order.oldest_of_a_crowd(host(3)), found{});
    add(1);
    EXPECT_EQ(order.oldest_of_a_crowd(host(3)), first);
    EXPECT_EQ(order.oldest_of_a_crowd(host(2)), found{});
    EXPECT_EQ(order.oldest_of_a_crowd(host(1)), found{}) << "a crowd does not make way for itself";
}

TEST_F(unproven_order_test, when_one_must_go_it_is_of_a_crowd_or_its_own_or_the_oldest)
{
    auto const alone = add(host(1, 1));
    EXPECT_EQ(order.yields_to(host(1, 2)), alone);
    auto const own = add(host(1, 2));
    EXPECT_EQ(order.yields_to(host(1, 2)), own);
    EXPECT_EQ(order.yields_to(host(1, 3)), alone);
    EXPECT_EQ(order.yields_to(host(7, 2)), own);
    auto const crowd = add(host(1, 4));
    add_many(2, host(1, 4));
    EXPECT_EQ(order.yields_to(host(1, 2)), crowd);
    EXPECT_EQ(order.yields_to(host(1, 4)), crowd);
}

}  // namespace
}  // namespace gatehouse::test
