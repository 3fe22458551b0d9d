// lib/net/http_slots: who makes way, and what is held.
#include "net/http_slots.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>

namespace gatehouse::test {
namespace {

using rank = http_guest::rank;
using metrics::endpoint_refusal;

class fake_guest final : public http_guest {
public:
    explicit fake_guest(rank of) : http_guest{of} {}
    bool gone = false;

private:
    void hang_up() override { gone = true; }
};

class http_slots_test : public testing::Test {
protected:
    static constexpr http_bounds bounds{
        .connections = 4, .reserved = 1, .bodies = 100, .answers = 50};

    ~http_slots_test() override
    {
        for (auto& one : guests)
            slots.leave(one);
    }

    // Null when there was no room.
    fake_guest* arrive(rank of = rank::ordinary)
    {
        if (!slots.free_capacity(of))
            return nullptr;
        slots.enter(guests.emplace_back(of));
        return &guests.back();
    }

    std::uint64_t counted(endpoint_refusal why) const
    {
        return slots.refused().at(static_cast<std::size_t>(why));
    }

    http_slots slots{bounds};
    std::deque<fake_guest> guests;
};

TEST_F(http_slots_test, the_oldest_silent_one_makes_way)
{
    auto* const first = arrive();
    auto* const second = arrive();
    auto* const third = arrive();
    auto* const fourth = arrive();
    EXPECT_TRUE(first->gone);
    EXPECT_FALSE(second->gone || third->gone || fourth->gone);
    EXPECT_EQ(slots.size(), 3U);
    EXPECT_EQ(counted(endpoint_refusal::evicted), 1U);
    slots.await(*second);  // it was heard of
    arrive();
    EXPECT_TRUE(third->gone);
    EXPECT_FALSE(second->gone);
}

TEST_F(http_slots_test, a_request_that_is_worked_on_is_never_given_up)
{
    for (int i = 0; i < 3; ++i)
        slots.work(*arrive());
    EXPECT_EQ(arrive(), nullptr);
    EXPECT_EQ(counted(endpoint_refusal::full), 1U);
    EXPECT_EQ(counted(endpoint_refusal::evicted), 0U);
}

// Else many who do not take their answers would make every new one the first to go.
TEST_F(http_slots_test, who_does_not_take_its_answer_makes_way_like_a_silent_one)
{
    auto* const answered = arrive();
    auto* const silent = arrive();
    auto* const working = arrive();
    slots.answer(*answered, 10);
    slots.work(*working);
    arrive();
    EXPECT_TRUE(silent->gone) << "heard of longest ago";
    EXPECT_FALSE(answered->gone);
    arrive();
    EXPECT_TRUE(answered->gone);
    EXPECT_FALSE(working->gone);
}

TEST_F(http_slots_test, the_reserved_place_is_for_the_privileged)
{
    for (int i = 0; i < 3; ++i)
        slots.work(*arrive());
    EXPECT_EQ(arrive(rank::ordinary), nullptr);
    EXPECT_NE(arrive(rank::privileged), nullptr);
}

TEST_F(http_slots_test, the_privileged_do_not_make_way_for_others)
{
    auto* const privileged = arrive(rank::privileged);
    for (int i = 0; i < 20; ++i)
        arrive(rank::ordinary);
    EXPECT_FALSE(privileged->gone);
    EXPECT_EQ(slots.size(), 4U);
}

TEST_F(http_slots_test, the_privileged_may_have_all_places_and_make_way_for_each_other)
{
    auto* const first = arrive(rank::privileged);
    for (int i = 0; i < 3; ++i)
        arrive(rank::privileged);
    EXPECT_EQ(arrive(rank::ordinary), nullptr);
    EXPECT_NE(arrive(rank::privileged), nullptr);
    EXPECT_TRUE(first->gone);
}

TEST_F(http_slots_test, bodies_share_one_bound)
{
    auto* const one = arrive();
    auto* const other = arrive();
    EXPECT_TRUE(slots.hold_body(*one, 60));
    EXPECT_FALSE(slots.hold_body(*other, 41));
    EXPECT_TRUE(slots.hold_body(*other, 40));
    EXPECT_TRUE(slots.hold_body(*one, 30)) << "what was announced stays held";
    EXPECT_FALSE(slots.hold_body(*one, 61));
    slots.release(*other);
    EXPECT_TRUE(slots.hold_body(*one, 100));
    EXPECT_FALSE(slots.hold_body(*one, 101));
}

TEST_F(http_slots_test, who_leaves_or_is_answered_gives_back_what_it_held)
{
    auto* const one = arrive();
    EXPECT_TRUE(slots.hold_body(*one, 100));
    slots.leave(*one);
    auto* const other = arrive();
    EXPECT_TRUE(slots.hold_body(*other, 100));
    slots.work(*other);
    slots.answer(*other, 1);
    EXPECT_TRUE(slots.hold_body(*arrive(), 100));
}

TEST_F(http_slots_test, answers_that_are_not_taken_make_way_for_newer_ones)
{
    auto* const one = arrive();
    auto* const other = arrive();
    auto* const third = arrive();
    slots.answer(*one, 30);
    slots.answer(*other, 20);
    EXPECT_FALSE(one->gone);
    slots.answer(*third, 1000);
    EXPECT_TRUE(one->gone && other->gone);
    EXPECT_FALSE(third->gone) << "one answer may be as large as it is";
}

TEST_F(http_slots_test, who_had_to_go_may_leave_as_well)
{
    auto* const one = arrive();
    EXPECT_TRUE(slots.evict_one(rank::ordinary));
    EXPECT_TRUE(one->gone);
    slots.leave(*one);
    slots.await(*one);
    EXPECT_FALSE(slots.hold_body(*one, 1));
    EXPECT_EQ(slots.size(), 0U);
    EXPECT_FALSE(slots.evict_one(rank::privileged));
}

}  // namespace
}  // namespace gatehouse::test
