#include "protocol/replay_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <set>

namespace gatehouse::test {
namespace {

using standing = replay_window::standing;

replay_window after(std::initializer_list<std::uint32_t> sequences)
{
    replay_window made;
    for (auto const sequence : sequences)
        made.mark(sequence);
    return made;
}

TEST(replay_window, knows_nothing_at_first)
{
    replay_window const window;
    EXPECT_TRUE(window.empty());
    EXPECT_EQ(window.next(), 0U);
    for (auto const sequence : {0U, 1U, 63U, 64U, 0xfffffffeU})
        EXPECT_EQ(window.judge(sequence), standing::newest) << sequence;
}

TEST(replay_window, tells_newest_late_seen_and_too_old)
{
    auto const window = after({100});
    EXPECT_FALSE(window.empty());
    EXPECT_EQ(window.next(), 101U);
    EXPECT_EQ(window.judge(101), standing::newest);
    EXPECT_EQ(window.judge(0xffffffff), standing::newest);
    EXPECT_EQ(window.judge(100), standing::seen);
    EXPECT_EQ(window.judge(99), standing::late);
    EXPECT_EQ(window.judge(37), standing::late);
    EXPECT_EQ(window.judge(36), standing::too_old);
    EXPECT_EQ(window.judge(0), standing::too_old);
}

TEST(replay_window, a_late_one_is_seen_once_it_was_marked)
{
    auto window = after({100});
    window.mark(37);
    window.mark(99);
    EXPECT_EQ(window.judge(37), standing::seen);
    EXPECT_EQ(window.judge(38), standing::late);
    EXPECT_EQ(window.judge(99), standing::seen);
    EXPECT_EQ(window.next(), 101U);
}

TEST(replay_window, moves_with_the_newest)
{
    auto window = after({100, 90});
    window.mark(153);
    EXPECT_EQ(window.judge(90), standing::seen);
    EXPECT_EQ(window.judge(89), standing::too_old);
    EXPECT_EQ(window.judge(100), standing::seen);
    EXPECT_EQ(window.judge(101), standing::late);
    window.mark(154);
    EXPECT_EQ(window.judge(90), standing::too_old);
}

TEST(replay_window, forgets_everything_in_a_jump)
{
    for (auto const step : {64U, 65U, 1000U, 0x80000000U}) {
        auto window = after({5, 6});
        window.mark(6 + step);
        EXPECT_EQ(window.judge(6 + step), standing::seen);
        EXPECT_EQ(window.judge(5 + step), standing::late);
        EXPECT_EQ(window.judge(6), standing::too_old);
    }
    auto window = after({5, 6});
    window.mark(6 + 63);
    EXPECT_EQ(window.judge(6), standing::seen);
    EXPECT_EQ(window.judge(5), standing::too_old);
}

TEST(replay_window, the_first_may_be_any_number)
{
    for (auto const first : {0U, 1U, 70U, 0xfffffffeU}) {
        auto const window = after({first});
        EXPECT_EQ(window.judge(first), standing::seen);
        if (first > 0)
            EXPECT_EQ(window.judge(first - 1), standing::late);
        EXPECT_EQ(window.next(), first + 1);
    }
}

TEST(replay_window, zero_is_a_number_like_any_other)
{
    auto window = after({0});
    EXPECT_FALSE(window.empty());
    EXPECT_EQ(window.judge(0), standing::seen);
    EXPECT_EQ(window.next(), 1U);
    window.mark(63);
    EXPECT_EQ(window.judge(0), standing::seen);
    window.mark(64);
    EXPECT_EQ(window.judge(0), standing::too_old);
}

TEST(replay_window, judging_changes_nothing)
{
    auto window = after({10});
    for (std::uint32_t i = 0; i < 200; ++i)
        window.judge(i);
    EXPECT_EQ(window.next(), 11U);
    EXPECT_EQ(window.judge(9), standing::late);
}

TEST(replay_window, marking_what_is_too_old_changes_nothing)
{
    auto window = after({100});
    window.mark(36);
    EXPECT_EQ(window.next(), 101U);
    EXPECT_EQ(window.judge(100), standing::seen);
    EXPECT_EQ(window.judge(37), standing::late);
}

// Against a set that forgets nothing.
TEST(replay_window, agrees_with_a_plain_model)
{
    std::mt19937 dice{1};
    auto const random = [&](std::uint32_t below) {
        return std::uniform_int_distribution<std::uint32_t>{0, below - 1}(dice);
    };
    for (int round = 0; round < 200; ++round) {
        replay_window window;
        std::set<std::uint32_t> seen;
        auto around = random(round % 2 == 0 ? 100 : 0xf0000000);
        for (int i = 0; i < 300; ++i) {
            around += random(5);
            auto const reach = std::min(around, random(80));
            auto const sequence = around - reach;
            auto expected = standing::newest;
            if (!seen.empty() && sequence <= *seen.rbegin()) {
                expected = seen.count(sequence) != 0 ? standing::seen : standing::late;
                if (*seen.rbegin() - sequence >= replay_window::size)
                    expected = standing::too_old;
            }
            ASSERT_EQ(window.judge(sequence), expected);
            if (expected == standing::too_old || random(3) == 0)
                continue;
            window.mark(sequence);
            seen.insert(sequence);
        }
    }
}

}  // namespace
}  // namespace gatehouse::test
