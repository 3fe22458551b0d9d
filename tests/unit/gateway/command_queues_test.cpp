// lib/gateway/command_queues: whose turn it is.
#include "gateway/command_queues.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace gatehouse::test {
namespace {

forwarded_command command_of(std::size_t backend, std::size_t size, std::uint64_t number = 0)
{
    forwarded_command made;
    made.backend = backend;
    made.session = session_id{number};
    made.payload.assign(size, 1);
    return made;
}

std::vector<forwarded_command> turn_of(command_queues& queues)
{
    std::vector<forwarded_command> taken;
    queues.take_turn([&](forwarded_command&& one) { taken.push_back(std::move(one)); });
    return taken;
}

std::size_t count_of(std::vector<forwarded_command> const& taken, std::size_t backend)
{
    return static_cast<std::size_t>(std::count_if(taken.begin(), taken.end(), [&](auto const& one) {
        return one.backend == backend;
    }));
}

TEST(command_queues, a_turn_of_nothing_is_nothing)
{
    command_queues queues;
    EXPECT_TRUE(queues.empty());
    EXPECT_TRUE(turn_of(queues).empty());
}

TEST(command_queues, whoever_waits_is_served_within_one_turn_whatever_others_have_waiting)
{
    command_queues queues;
    for (int i = 0; i < 10'000; ++i)
        queues.add(command_of(0, 10));
    queues.add(command_of(3, 10));
    auto const taken = turn_of(queues);
    EXPECT_EQ(count_of(taken, 3), 1U);
    EXPECT_EQ(count_of(taken, 0), command_queues::commands_a_turn);
}

TEST(command_queues, large_commands_end_a_share_sooner)
{
    command_queues queues;
    for (int i = 0; i < 100; ++i)
        queues.add(command_of(0, command_queues::bytes_a_turn / 4));
    auto const taken = turn_of(queues);
    EXPECT_LE(taken.size(), 4U);
    EXPECT_GE(taken.size(), 1U);
}

TEST(command_queues, one_larger_than_a_share_is_taken_too)
{
    command_queues queues;
    queues.add(command_of(1, 3 * command_queues::bytes_a_turn));
    EXPECT_EQ(turn_of(queues).size(), 1U);
    EXPECT_TRUE(queues.empty());
}

TEST(command_queues, a_backends_commands_keep_their_order)
{
    command_queues queues;
    std::uint64_t added = 0;
    std::uint64_t expected = 0;
    for (int round = 0; round < 50; ++round) {
        for (int i = 0; i < 100; ++i)
            queues.add(command_of(2, 0, added++));
        for (auto const& one : turn_of(queues))
            EXPECT_EQ(one.session.value(), expected++);
    }
    while (!queues.empty())
        for (auto const& one : turn_of(queues))
            EXPECT_EQ(one.session.value(), expected++);
    EXPECT_EQ(expected, added);
}

TEST(forwarded_command, costs_more_than_it_carries)
{
    EXPECT_GT(command_of(0, 0).cost(), 0U);
    EXPECT_EQ(command_of(0, 100).cost(), command_of(0, 0).cost() + 100);
    auto named = command_of(0, 0);
    named.ref = "abc";
    EXPECT_EQ(named.cost(), command_of(0, 0).cost() + 3);
}

}  // namespace
}  // namespace gatehouse::test
