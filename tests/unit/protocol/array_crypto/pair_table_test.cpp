// lib/protocol/array_crypto/pair_table.h: which pairs a device is told, and for how long.
#include "protocol/array_crypto/pair_table.h"
#include "support/readable_error.h"
#include "support/scripted_random.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace gatehouse::test {
namespace {

namespace limits = array_crypto::limits;
using array_crypto::pair;
using array_crypto::state_id;
using namespace std::chrono_literals;

class array_crypto_pairs : public testing::Test {
protected:
    pair tell() { return table.tell(one, now, random); }
    pair reply() { return table.for_reply(one, now, random); }

    bool opens(pair const& wanted)
    {
        auto const live = table.live(one, now);
        auto const all = std::span{live.all}.first(live.count);
        return std::find(all.begin(), all.end(), wanted) != all.end();
    }

    result<> accept(pair const& under, std::uint64_t salt)
    {
        std::array<std::uint8_t, 32> text{};
        text[0] = static_cast<std::uint8_t>(salt);
        text[1] = static_cast<std::uint8_t>(salt >> 8);
        return table.accept(one, under, text, now);
    }

    array_crypto::pair_table table;
    scripted_random random;
    time_point now = time_point{} + 1h;
    state_id one{1};
    state_id other{2};
};

TEST_F(array_crypto_pairs, the_same_pair_is_told_until_it_is_used)
{
    auto const first = tell();
    EXPECT_EQ(tell(), first);
    ASSERT_TRUE(accept(first, 1));
    auto const second = tell();
    EXPECT_NE(second.seed, first.seed);
    EXPECT_NE(second.tick, first.tick);
    EXPECT_TRUE(opens(first));
    EXPECT_TRUE(opens(second));
}

TEST_F(array_crypto_pairs, devices_have_pairs_of_their_own)
{
    auto const first = tell();
    EXPECT_NE(table.tell(other, now, random), first);
    EXPECT_EQ(table.live(other, now).count, 1);
}

TEST_F(array_crypto_pairs, an_old_pair_is_replaced_and_opens_messages_for_a_short_window)
{
    auto const first = tell();
    now += limits::pair_age;
    EXPECT_NE(tell(), first);
    now += limits::pair_window - limits::pair_age - 1ns;
    EXPECT_TRUE(opens(first));
    now += 1ns;
    EXPECT_FALSE(opens(first));
    EXPECT_EQ(accept(first, 1).error(), error::unproven_replay);
}

TEST_F(array_crypto_pairs, a_message_is_accepted_once)
{
    auto const first = tell();
    ASSERT_TRUE(accept(first, 1));
    EXPECT_EQ(accept(first, 1).error(), error::unproven_replay);
    EXPECT_TRUE(accept(first, 2));
}

// However long a pair is kept alive, a message of it is remembered as long.
TEST_F(array_crypto_pairs, a_message_is_never_accepted_again)
{
    auto const first = tell();
    ASSERT_TRUE(accept(first, 1));
    for (int tenths = 0; tenths < 600; ++tenths) {
        now += 100ms;
        tell();
        reply();
        if (opens(first))
            EXPECT_FALSE(accept(first, 1));
    }
    EXPECT_FALSE(opens(first));
}

TEST_F(array_crypto_pairs, the_pair_of_a_reply_is_told_next)
{
    auto const first = tell();
    ASSERT_TRUE(accept(first, 1));
    auto const under = reply();
    EXPECT_NE(under, first);
    now += limits::pair_age + 1s;  // old otherwise
    EXPECT_EQ(tell(), under);
    EXPECT_NE(tell(), under);
}

TEST_F(array_crypto_pairs, a_pair_is_told_as_often_as_there_are_replies_under_it)
{
    auto const under = reply();
    EXPECT_EQ(reply(), under);
    EXPECT_EQ(reply(), under);
    EXPECT_EQ(tell(), under);
    EXPECT_EQ(tell(), under);
    EXPECT_EQ(tell(), under);
    EXPECT_NE(tell(), under);
}

TEST_F(array_crypto_pairs, a_reply_that_nobody_fetches_holds_its_pair_for_a_while)
{
    auto const under = reply();
    now += limits::reply_hold - 1ns;
    EXPECT_EQ(tell(), under);
    auto const next = reply();
    EXPECT_NE(next, under);
    now += limits::reply_hold;
    EXPECT_NE(tell(), next);
}

TEST_F(array_crypto_pairs, few_pairs_open_messages)
{
    std::vector<pair> told;
    for (std::uint64_t i = 0; i < limits::pairs_a_device + 3; ++i) {
        told.push_back(tell());
        ASSERT_TRUE(accept(told.back(), i));
    }
    auto const live = table.live(one, now);
    EXPECT_EQ(live.count, limits::pairs_a_device);
    EXPECT_EQ(live.all.front(), told.back());
    EXPECT_FALSE(opens(told.front()));
}

TEST_F(array_crypto_pairs, only_so_many_messages_are_remembered)
{
    auto const first = tell();
    for (std::uint64_t i = 0; i < limits::salts_a_device; ++i)
        ASSERT_TRUE(accept(first, i));
    EXPECT_EQ(accept(first, limits::salts_a_device).error(), error::limit_device_rate);
    now += 1min;
    EXPECT_TRUE(accept(tell(), 1));
}

TEST_F(array_crypto_pairs, messages_of_v1_are_remembered_for_as_long_as_they_say)
{
    std::array<std::uint8_t, 16> const salt{7};
    EXPECT_TRUE(table.accept_until(one, salt, now + 60s, now));
    now += 60s - 1ns;
    EXPECT_EQ(table.accept_until(one, salt, now + 60s, now).error(), error::unproven_replay);
    EXPECT_TRUE(table.accept_until(other, salt, now + 60s, now));
    now += 1ns;
    EXPECT_TRUE(table.accept_until(one, salt, now + 60s, now));
}

TEST_F(array_crypto_pairs, a_device_that_asks_no_more_is_forgotten)
{
    tell();
    EXPECT_EQ(table.devices(), 1);
    now += 10min;
    table.tell(other, now, random);
    EXPECT_EQ(table.devices(), 1);
}

TEST_F(array_crypto_pairs, workers_share_one_table)
{
    constexpr std::size_t workers = 4;
    std::array<std::size_t, workers> accepted{};
    auto const first = tell();
    std::vector<std::thread> all;
    for (std::size_t worker = 0; worker < workers; ++worker)
        all.emplace_back([&, worker] {
            for (std::uint64_t i = 0; i < 200; ++i)
                accepted.at(worker) += accept(first, i) ? 1U : 0U;
        });
    for (auto& thread : all)
        thread.join();
    EXPECT_EQ(accepted[0] + accepted[1] + accepted[2] + accepted[3], 200);
}

}  // namespace
}  // namespace gatehouse::test
