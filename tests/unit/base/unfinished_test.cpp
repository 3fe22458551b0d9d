#include "base/unfinished.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <vector>

namespace gatehouse::test {
namespace {

using part = unfinished::part;

// Holders that let go when they are asked, and remember in which order they were.
class unfinished_test : public testing::Test {
protected:
    struct keeper {
        unfinished_test* test = nullptr;
        int number = 0;
        unfinished::slot slot = unfinished::nowhere;
        bool lets_go = true;
    };

    void SetUp() override
    {
        for (int i = 0; i < 8; ++i)
            keepers[static_cast<std::size_t>(i)] = {this, i};
    }

    void keep(int number, std::size_t size, part what = part::of_a_new_one)
    {
        auto& one = keepers[static_cast<std::size_t>(number)];
        parts.note(one.slot, {&one, yield_to}, size, what);
    }
    void let_go(int number) { parts.drop(keepers[static_cast<std::size_t>(number)].slot); }

    static void yield_to(void* who)
    {
        auto& one = *static_cast<keeper*>(who);
        one.test->asked.push_back(one.number);
        if (one.lets_go)
            one.test->parts.drop(one.slot);
    }

    unfinished parts{100};
    std::array<keeper, 8> keepers;
    std::vector<int> asked;
};

using numbers = std::vector<int>;

TEST_F(unfinished_test, sums_up_what_is_kept)
{
    keep(0, 40);
    keep(1, 30);
    EXPECT_EQ(parts.size(), 70U);
    keep(0, 10, part::of_the_same);
    EXPECT_EQ(parts.size(), 40U);
    let_go(0);
    let_go(0);
    EXPECT_EQ(parts.size(), 30U);
    let_go(1);
    EXPECT_EQ(parts.size(), 0U);
    EXPECT_TRUE(asked.empty());
}

TEST_F(unfinished_test, who_has_waited_longest_makes_way)
{
    for (int i = 0; i < 4; ++i)
        keep(i, 25);
    EXPECT_TRUE(asked.empty()) << "as much as there may be";
    keep(4, 25);
    EXPECT_EQ(asked, (numbers{0}));
    keep(5, 60);
    EXPECT_EQ(asked, (numbers{0, 1, 2, 3}));
    EXPECT_EQ(parts.size(), 85U);
    EXPECT_EQ(parts.take_made_way(), 4U);
    EXPECT_EQ(parts.take_made_way(), 0U);
}

TEST_F(unfinished_test, more_of_the_same_frame_makes_nobody_younger)
{
    keep(0, 30);
    keep(1, 30);
    keep(2, 30);
    keep(0, 35, part::of_the_same);
    keep(3, 30);
    EXPECT_EQ(asked, (numbers{0}));
}

TEST_F(unfinished_test, another_frame_does)
{
    keep(0, 30);
    keep(1, 30);
    keep(2, 30);
    keep(0, 35);
    keep(3, 30);
    EXPECT_EQ(asked, (numbers{1}));
}

TEST_F(unfinished_test, nobody_makes_way_for_himself)
{
    keep(0, 30);
    keep(0, 500, part::of_the_same);
    EXPECT_TRUE(asked.empty());
    keep(1, 10);
    EXPECT_EQ(asked, (numbers{0}));
    keep(1, 1'000, part::of_the_same);
    EXPECT_EQ(asked, (numbers{0}));
    EXPECT_EQ(parts.size(), 1'000U);
}

TEST_F(unfinished_test, who_does_not_let_go_is_asked_once_each_time)
{
    keepers[0].lets_go = false;
    keep(0, 90);
    keep(1, 50);
    EXPECT_EQ(asked, (numbers{0}));
    keep(2, 50);
    EXPECT_EQ(asked, (numbers{0, 0}));
}

TEST_F(unfinished_test, a_lower_limit_counts_from_the_next_on)
{
    for (int i = 0; i < 4; ++i)
        keep(i, 25);
    parts.set_limit(50);
    EXPECT_TRUE(asked.empty());
    keep(3, 25, part::of_the_same);
    EXPECT_EQ(asked, (numbers{0, 1}));
}

TEST_F(unfinished_test, places_are_used_again)
{
    for (int round = 0; round < 1'000; ++round) {
        for (int i = 0; i < 4; ++i)
            keep(i, 20);
        let_go(2);
        let_go(0);
        let_go(3);
        let_go(1);
    }
    EXPECT_EQ(parts.size(), 0U);
    EXPECT_TRUE(asked.empty());
    keep(0, 1);
    EXPECT_LT(keepers[0].slot, 4U);
}

}  // namespace
}  // namespace gatehouse::test
