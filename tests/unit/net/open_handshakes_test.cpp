#include "net/open_handshakes.h"
#include "support/allocation_counts.h"
#include "unit/net/handshake_owners.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1'000s};
constexpr auto look = static_cast<int>(open_handshakes::crowd_look);

class open_handshakes_test : public testing::Test {
protected:
    using slot = open_handshakes::slot;

    // The next in age, a second after the one before.
    slot add(int who, peer_address const& peer)
    {
        now_ += 1s;
        return open.add({owner(who), now_, peer});
    }
    slot add(int who, std::uint8_t of) { return add(who, host(of)); }

    time_point added(int nth) const { return start + std::chrono::seconds{nth}; }

    int oldest() const { return number_of(open.any()); }
    int oldest_before(time_point then) const { return number_of(open.oldest_before(then)); }
    int oldest_of(std::uint8_t of, time_point then = never) const
    {
        return number_of(open.oldest_of(source(of), then));
    }
    int of_a_crowd(std::uint8_t newcomer) const
    {
        return number_of(open.oldest_of_a_crowd(source(newcomer)));
    }

    open_handshakes open{64};

private:
    time_point now_ = start;
};

TEST_F(open_handshakes_test, are_none_at_first)
{
    EXPECT_EQ(open.size(), 0U);
    EXPECT_EQ(open.count_of(source(1)), 0U);
    EXPECT_EQ(oldest(), nobody);
    EXPECT_EQ(oldest_before(never), nobody);
    EXPECT_EQ(oldest_of(1), nobody);
    EXPECT_EQ(of_a_crowd(1), nobody);
}

TEST_F(open_handshakes_test, are_asked_for_the_oldest)
{
    auto const first = add(1, 1);
    auto const second = add(2, 2);
    auto const third = add(3, 1);
    EXPECT_EQ(oldest(), 1);
    open.remove(second);
    EXPECT_EQ(oldest(), 1);
    open.remove(first);
    EXPECT_EQ(oldest(), 3);
    add(4, 2);
    open.remove(third);
    EXPECT_EQ(oldest(), 4);
}

TEST_F(open_handshakes_test, are_none_again_when_all_were_removed)
{
    std::vector<slot> slots;
    for (int who = 0; who < 10; ++who)
        slots.push_back(add(who, static_cast<std::uint8_t>(who % 3)));
    for (std::size_t const i : {9U, 0U, 5U, 4U, 1U, 8U, 2U, 3U, 7U, 6U})
        open.remove(slots[i]);
    EXPECT_EQ(open.size(), 0U);
    EXPECT_EQ(oldest(), nobody);
    for (std::uint8_t last = 0; last < 3; ++last) {
        EXPECT_EQ(open.count_of(source(last)), 0U);
        EXPECT_EQ(oldest_of(last), nobody);
    }
}

TEST_F(open_handshakes_test, are_counted_for_their_source)
{
    auto const a1 = add(1, 1);
    auto const b1 = add(2, 2);
    auto const a2 = add(3, 1);
    EXPECT_EQ(open.size(), 3U);
    EXPECT_EQ(open.count_of(source(1)), 2U);
    EXPECT_EQ(open.count_of(source(2)), 1U);
    open.remove(a1);
    EXPECT_EQ(open.count_of(source(1)), 1U);
    add(4, 1);
    EXPECT_EQ(open.count_of(source(1)), 2U);
    open.remove(b1);
    EXPECT_EQ(open.count_of(source(2)), 0U);
    open.remove(a2);
    EXPECT_EQ(open.count_of(source(1)), 1U);
    EXPECT_EQ(open.size(), 1U);
}

TEST_F(open_handshakes_test, are_in_order_for_each_source)
{
    auto const a1 = add(1, 1);
    auto const b1 = add(2, 2);
    auto const a2 = add(3, 1);
    add(4, 2);
    auto const a3 = add(5, 1);
    EXPECT_EQ(oldest_of(1), 1);
    EXPECT_EQ(oldest_of(2), 2);
    open.remove(a2);  // in the middle
    EXPECT_EQ(oldest_of(1), 1);
    open.remove(a1);
    EXPECT_EQ(oldest_of(1), 5);
    open.remove(b1);
    EXPECT_EQ(oldest_of(2), 4);
    add(6, 1);
    open.remove(a3);
    EXPECT_EQ(oldest_of(1), 6);
}

TEST_F(open_handshakes_test, of_all_ports_and_of_an_ipv6_network_are_of_one_source)
{
    add(1, host(1, 1'000));
    add(2, host(1, 2'000));
    EXPECT_EQ(open.count_of(source(1)), 2U);
    peer_address const here{
        .ip = {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, .port = 1};
    auto neighbour = here;
    neighbour.ip[15] = 7;
    add(3, here);
    add(4, neighbour);
    EXPECT_EQ(open.count_of(source_of(here)), 2U);
    EXPECT_EQ(number_of(open.oldest_of(source_of(neighbour), never)), 3);
}

TEST_F(open_handshakes_test, make_way_only_if_they_began_by_then)
{
    add(1, 1);
    add(2, 2);
    EXPECT_EQ(oldest_before(added(1) - 1ns), nobody);
    EXPECT_EQ(oldest_before(added(1)), 1);
    EXPECT_EQ(oldest_before(never), 1);
}

TEST_F(open_handshakes_test, of_a_source_make_way_only_if_they_began_by_then)
{
    add(1, 1);
    add(2, 2);
    add(3, 2);
    EXPECT_EQ(oldest_of(2, added(1)), nobody) << "whatever others did";
    EXPECT_EQ(oldest_of(2, added(2) - 1ns), nobody);
    EXPECT_EQ(oldest_of(2, added(2)), 2);
    EXPECT_EQ(oldest_of(2, never), 2);
    EXPECT_EQ(oldest_of(3, never), nobody);
}

TEST_F(open_handshakes_test, use_the_places_of_those_that_are_gone)
{
    std::set<slot> places;
    std::vector<slot> slots;
    for (int who = 0; who < 20; ++who) {
        slots.push_back(add(who, 1));
        EXPECT_TRUE(places.insert(slots.back()).second) << "two in one place";
    }
    for (int round = 0; round < 100; ++round) {
        open.remove(slots[3]);
        open.remove(slots[17]);
        slots[3] = add(round, 2);
        slots[17] = add(round, 1);
        EXPECT_NE(slots[3], slots[17]);
        EXPECT_TRUE(places.contains(slots[3]) && places.contains(slots[17]));
    }
    EXPECT_EQ(open.size(), 20U);
}

TEST_F(open_handshakes_test, take_their_memory_at_once)
{
    auto const before = allocations();
    for (int who = 0; who < 64; ++who)
        add(who, static_cast<std::uint8_t>(who));
    EXPECT_EQ(allocations(), before);
}

// --- a crowd ----------------------------------------------------------------------------------

TEST_F(open_handshakes_test, of_the_source_with_most_the_oldest_makes_way)
{
    add(1, 1);
    add(2, 2);
    add(3, 3);
    add(4, 2);
    add(5, 3);
    add(6, 3);
    EXPECT_EQ(of_a_crowd(9), 3);
}

TEST_F(open_handshakes_test, of_sources_with_equally_many_the_oldest_makes_way)
{
    add(1, 1);
    add(2, 2);
    add(3, 3);
    add(4, 3);
    add(5, 2);
    EXPECT_EQ(of_a_crowd(9), 2);
}

TEST_F(open_handshakes_test, nobody_makes_way_for_a_source_that_would_have_as_many)
{
    add(1, 1);
    EXPECT_EQ(of_a_crowd(2), nobody) << "one for one";
    add(2, 1);
    EXPECT_EQ(of_a_crowd(2), 1);
    auto const own = add(3, 2);
    EXPECT_EQ(of_a_crowd(2), nobody);
    add(4, 1);
    EXPECT_EQ(of_a_crowd(2), 1);
    open.remove(own);
    EXPECT_EQ(of_a_crowd(2), 1);
}

TEST_F(open_handshakes_test, a_crowd_does_not_make_way_for_itself)
{
    for (int who = 0; who < 10; ++who)
        add(who, 1);
    EXPECT_EQ(of_a_crowd(1), nobody);
}

TEST_F(open_handshakes_test, a_crowd_is_looked_for_among_a_few_of_the_oldest)
{
    std::vector<slot> singles;
    for (int who = 0; who < look; ++who)
        singles.push_back(add(who, static_cast<std::uint8_t>(100 + who)));
    for (int who = look; who < 3 * look; ++who)
        add(who, 1);
    EXPECT_EQ(of_a_crowd(9), nobody);
    open.remove(singles[5]);
    EXPECT_EQ(of_a_crowd(9), look) << "the last that is looked at";
}

TEST_F(open_handshakes_test, a_crowd_counts_as_a_whole_though_few_of_it_are_looked_at)
{
    add(0, 1);
    add(1, 2);
    add(2, 2);
    add(3, 2);
    for (int who = 4; who < 2 * look; ++who)
        add(who, static_cast<std::uint8_t>(100 + who));
    for (int who = 2 * look; who < 3 * look; ++who)
        add(who, 1);
    EXPECT_EQ(of_a_crowd(9), 0);
}

}  // namespace
}  // namespace gatehouse::test
