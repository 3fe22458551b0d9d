// lib/net/http_places: who makes way, and what is held.
#include "net/http_places.h"

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

class http_places_test : public testing::Test {
protected:
    static constexpr http_bounds bounds{
        .connections = 4, .reserved = 1, .bodies = 100, .answers = 50};

    ~http_places_test() override
    {
        for (auto& one : guests)
            places.leave(one);
    }

    // Null when there was no room.
    fake_guest* arrive(rank of = rank::ordinary)
    {
        if (!places.make_room(of))
            return nullptr;
        places.enter(guests.emplace_back(of));
        return &guests.back();
    }

    std::uint64_t counted(endpoint_refusal why) const
    {
        return places.refused().at(static_cast<std::size_t>(why));
    }

    http_places places{bounds};
    std::deque<fake_guest> guests;
};

TEST_F(http_places_test, the_oldest_silent_one_makes_way)
{
    auto* const first = arrive();
    auto* const second = arrive();
    auto* const third = arrive();
    auto* const fourth = arrive();
    EXPECT_TRUE(first->gone);
    EXPECT_FALSE(second->gone || third->gone || fourth->gone);
    EXPECT_EQ(places.size(), 3U);
    EXPECT_EQ(counted(endpoint_refusal::evicted), 1U);
    places.await(*second);  // it was heard of
    arrive();
    EXPECT_TRUE(third->gone);
    EXPECT_FALSE(second->gone);
}

TEST_F(http_places_test, a_request_that_is_worked_on_is_never_given_up)
{
    for (int i = 0; i < 3; ++i)
        places.work(*arrive());
    EXPECT_EQ(arrive(), nullptr);
    EXPECT_EQ(counted(endpoint_refusal::full), 1U);
    EXPECT_EQ(counted(endpoint_refusal::evicted), 0U);
}

// Else many who do not take their answers would make every new one the first to go.
TEST_F(http_places_test, who_does_not_take_its_answer_makes_way_like_a_silent_one)
{
    auto* const answered = arrive();
    auto* const silent = arrive();
    auto* const working = arrive();
    places.answer(*answered, 10);
    places.work(*working);
    arrive();
    EXPECT_TRUE(silent->gone) << "heard of longest ago";
    EXPECT_FALSE(answered->gone);
    arrive();
    EXPECT_TRUE(answered->gone);
    EXPECT_FALSE(working->gone);
}

TEST_F(http_places_test, the_reserved_place_is_for_the_privileged)
{
    for (int i = 0; i < 3; ++i)
        places.work(*arrive());
    EXPECT_EQ(arrive(rank::ordinary), nullptr);
    EXPECT_NE(arrive(rank::privileged), nullptr);
}

TEST_F(http_places_test, the_privileged_do_not_make_way_for_others)
{
    auto* const privileged = arrive(rank::privileged);
    for (int i = 0; i < 20; ++i)
        arrive(rank::ordinary);
    EXPECT_FALSE(privileged->gone);
    EXPECT_EQ(places.size(), 4U);
}

TEST_F(http_places_test, the_privileged_may_have_all_places_and_make_way_for_each_other)
{
    auto* const first = arrive(rank::privileged);
    for (int i = 0; i < 3; ++i)
        arrive(rank::privileged);
    EXPECT_EQ(arrive(rank::ordinary), nullptr);
    EXPECT_NE(arrive(rank::privileged), nullptr);
    EXPECT_TRUE(first->gone);
}

TEST_F(http_places_test, bodies_share_one_bound)
{
    auto* const one = arrive();
    auto* const other = arrive();
    EXPECT_TRUE(places.hold_body(*one, 60));
    EXPECT_FALSE(places.hold_body(*other, 41));
    EXPECT_TRUE(places.hold_body(*other, 40));
    EXPECT_TRUE(places.hold_body(*one, 30)) << "what was announced stays held";
    EXPECT_FALSE(places.hold_body(*one, 61));
    places.release(*other);
    EXPECT_TRUE(places.hold_body(*one, 100));
    EXPECT_FALSE(places.hold_body(*one, 101));
}

TEST_F(http_places_test, who_leaves_or_is_answered_gives_back_what_it_held)
{
    auto* const one = arrive();
    EXPECT_TRUE(places.hold_body(*one, 100));
    places.leave(*one);
    auto* const other = arrive();
    EXPECT_TRUE(places.hold_body(*other, 100));
    places.work(*other);
    places.answer(*other, 1);
    EXPECT_TRUE(places.hold_body(*arrive(), 100));
}

TEST_F(http_places_test, answers_that_are_not_taken_make_way_for_newer_ones)
{
    auto* const one = arrive();
    auto* const other = arrive();
    auto* const third = arrive();
    places.answer(*one, 30);
    places.answer(*other, 20);
    EXPECT_FALSE(one->gone);
    places.answer(*third, 1000);
    EXPECT_TRUE(one->gone && other->gone);
    EXPECT_FALSE(third->gone) << "one answer may be as large as it is";
}

TEST_F(http_places_test, who_had_to_go_may_leave_as_well)
{
    auto* const one = arrive();
    EXPECT_TRUE(places.evict_one(rank::ordinary));
    EXPECT_TRUE(one->gone);
    places.leave(*one);
    places.await(*one);
    EXPECT_FALSE(places.hold_body(*one, 1));
    EXPECT_EQ(places.size(), 0U);
    EXPECT_FALSE(places.evict_one(rank::privileged));
}

}  // namespace
}  // namespace gatehouse::test
