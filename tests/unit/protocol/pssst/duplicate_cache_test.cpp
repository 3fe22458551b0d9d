// The same packet finds the same answer, until it is forgotten within the named bounds.
#include "identity/keyed_peers.h"
#include "protocol/pssst/duplicate_cache.h"
#include "support/byte_string.h"
#include "support/readable_error.h"
#include "support/scripted_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using pssst::duplicate_cache;
using verdict = duplicate_cache::finding::verdict;

pssst::dh_value dh_of(std::uint32_t number)
{
    pssst::dh_value made{};
    for (std::size_t i = 0; i < 4; ++i)
        made[i] = static_cast<std::uint8_t>(number >> 8 * i);
    return made;
}

identity::device_id device_named(std::string const& name)
{
    return name.empty() ? identity::anonymous_device() : identity::device_id::from_name(name);
}

byte_string packet_of(std::uint32_t number)
{
    return pattern_bytes(60, static_cast<std::uint8_t>(number));
}

class duplicate_cache_test : public testing::Test {
protected:
    duplicate_cache make(std::size_t entries, std::size_t bytes = 1 << 20, duration window = 5min)
    {
        return duplicate_cache{{entries, bytes, window}, hash, random};
    }

    result<duplicate_cache::ticket> begin(
        duplicate_cache& cache, std::uint32_t number, std::string const& sender = "meter-4"
    )
    {
        auto const packet = packet_of(number);
        return cache.begin(now, {1, dh_of(number), hash.compute({packet}), device_named(sender)});
    }

    void answer(
        duplicate_cache& cache,
        std::uint32_t number,
        bytes reply,
        std::string const& sender = "meter-4"
    )
    {
        auto ticket = begin(cache, number, sender);
        ASSERT_TRUE(ticket) << ticket.error();
        ticket->answered(now, reply);
    }

    verdict look(duplicate_cache& cache, std::uint32_t number)
    {
        return cache.find(dh_of(number), packet_of(number)).what;
    }

    crypto::sha256 hash;
    scripted_random random;
    time_point now = time_point{} + 1h;
};

TEST_F(duplicate_cache_test, knows_nothing_at_first)
{
    auto cache = make(16);
    EXPECT_EQ(look(cache, 1), verdict::unknown);
    EXPECT_EQ(cache.size(), 0U);
}

TEST_F(duplicate_cache_test, the_same_packet_gets_the_same_bytes)
{
    auto cache = make(16);
    auto const reply = text_bytes("the one reply");
    answer(cache, 1, reply);
    for (int i = 0; i < 3; ++i) {
        auto const found = cache.find(dh_of(1), packet_of(1));
        ASSERT_EQ(found.what, verdict::answered);
        EXPECT_EQ(copy_of(found.reply), reply);
    }
}

TEST_F(duplicate_cache_test, but_not_for_ever)
{
    auto cache = make(16);
    answer(cache, 1, packet_of(9));
    for (unsigned i = 0; i < pssst::limits::repetitions; ++i)
        ASSERT_EQ(look(cache, 1), verdict::answered) << i;
    EXPECT_EQ(look(cache, 1), verdict::silent);
    EXPECT_EQ(begin(cache, 1).error(), error::unproven_reused_point);
}

TEST_F(duplicate_cache_test, there_is_nothing_to_say_before_the_reply)
{
    auto cache = make(16);
    auto ticket = begin(cache, 1);
    ASSERT_TRUE(ticket);
    EXPECT_EQ(look(cache, 1), verdict::silent);
    ticket->answered(now, packet_of(9));
    EXPECT_EQ(look(cache, 1), verdict::answered);
}

TEST_F(duplicate_cache_test, nor_when_there_was_none)
{
    auto cache = make(16);
    {
        auto const ticket = begin(cache, 1);
        ASSERT_TRUE(ticket);
    }
    EXPECT_EQ(look(cache, 1), verdict::silent);
    EXPECT_EQ(begin(cache, 1).error(), error::unproven_reused_point);
}

TEST_F(duplicate_cache_test, another_packet_with_the_same_value_is_unknown_and_refused)
{
    auto cache = make(16);
    answer(cache, 1, packet_of(9));
    EXPECT_EQ(cache.find(dh_of(1), packet_of(2)).what, verdict::other);
    EXPECT_TRUE(cache.has(1, dh_of(1)));
    EXPECT_FALSE(cache.has(2, dh_of(1)));
    auto const other = packet_of(2);
    auto const refused = cache.begin(now, {1, dh_of(1), hash.compute({other}), {}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), error::unproven_reused_point);
    EXPECT_EQ(look(cache, 1), verdict::answered);
}

TEST_F(duplicate_cache_test, the_same_value_under_another_gateway_key_is_another_request)
{
    auto cache = make(16);
    answer(cache, 1, packet_of(8));
    auto const other = packet_of(2);
    auto ticket = cache.begin(now, {2, dh_of(1), hash.compute({other}), {}});
    ASSERT_TRUE(ticket) << ticket.error();
    ticket->answered(now, packet_of(9));
    EXPECT_EQ(copy_of(cache.find(dh_of(1), packet_of(1)).reply), packet_of(8));
    EXPECT_EQ(copy_of(cache.find(dh_of(1), packet_of(2)).reply), packet_of(9));
}

TEST_F(duplicate_cache_test, forgets_after_the_window)
{
    auto cache = make(16);
    answer(cache, 1, packet_of(9));
    now += 5min - 1s;
    answer(cache, 2, packet_of(9));
    EXPECT_EQ(look(cache, 1), verdict::answered);
    now += 1s;
    answer(cache, 3, packet_of(9));
    EXPECT_EQ(look(cache, 1), verdict::unknown);
    EXPECT_EQ(look(cache, 2), verdict::answered);
    EXPECT_EQ(cache.take_forgotten_early(), 0U);
}

TEST_F(duplicate_cache_test, never_forgets_what_is_under_way)
{
    auto cache = make(4);
    auto first = begin(cache, 1);
    ASSERT_TRUE(first);
    now += 24h;
    for (std::uint32_t i = 10; i < 20; ++i)
        answer(cache, i, packet_of(i), "another");
    EXPECT_EQ(look(cache, 1), verdict::silent);
    auto const second = begin(cache, 2);
    ASSERT_FALSE(second) << "all that it has is under way";
    EXPECT_EQ(second.error(), error::limit_requests);
    EXPECT_TRUE(begin(cache, 3, "third"));
}

TEST_F(duplicate_cache_test, a_sender_alone_may_have_half_and_its_own_oldest_goes)
{
    auto cache = make(2000);
    for (std::uint32_t i = 0; i < 1500; ++i)
        answer(cache, i, packet_of(i));
    EXPECT_EQ(cache.size(), 1000U);
    EXPECT_EQ(cache.take_forgotten_early(), 500U);
    EXPECT_EQ(cache.take_forgotten_early(), 0U);
    for (std::uint32_t i = 0; i < 500; ++i)
        EXPECT_EQ(look(cache, i), verdict::unknown) << i;
    for (std::uint32_t i = 500; i < 1500; ++i) {
        auto const found = cache.find(dh_of(i), packet_of(i));
        ASSERT_EQ(found.what, verdict::answered) << i;
        EXPECT_EQ(copy_of(found.reply), packet_of(i));
    }
}

// However many it sends, and wherever its entries lie between theirs.
TEST_F(duplicate_cache_test, no_sender_pushes_out_what_is_anothers)
{
    auto cache = make(64);
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        if (i % 1000 == 7)
            answer(cache, i, packet_of(i), "victim-" + std::to_string(i));
        else
            answer(cache, i, packet_of(i), "greedy");
    }
    for (std::uint32_t i = 7; i < 10'000; i += 1000)
        EXPECT_EQ(copy_of(cache.find(dh_of(i), packet_of(i)).reply), packet_of(i)) << i;
}

TEST_F(duplicate_cache_test, greedy_senders_together_leave_room)
{
    auto cache = make(1000);
    std::uint32_t number = 0;
    for (int turn = 0; turn < 2000; ++turn)
        for (auto const* sender : {"a", "b", "c", "d"})
            answer(cache, number++, packet_of(1), sender);
    EXPECT_LE(cache.size(), 820U);
    EXPECT_TRUE(begin(cache, number, "another"));
}

TEST_F(duplicate_cache_test, a_full_cache_of_others_is_a_limit_until_their_time_is_over)
{
    auto cache = make(8);
    for (std::uint32_t i = 0; i < 8; ++i)
        answer(cache, i, packet_of(i), "sender-" + std::to_string(i));
    auto const late = begin(cache, 9, "late");
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error(), error::limit_requests);
    EXPECT_TRUE(begin(cache, 10, "sender-3")) << "its own makes way";
    EXPECT_EQ(look(cache, 3), verdict::unknown);
    EXPECT_EQ(look(cache, 4), verdict::answered);
    EXPECT_EQ(cache.take_forgotten_early(), 1U);
    now += 5min;
    EXPECT_TRUE(begin(cache, 9, "late"));
}

TEST_F(duplicate_cache_test, anonymous_requests_push_out_nothing_not_even_their_own)
{
    auto cache = make(8);
    for (std::uint32_t i = 0; i < 20; ++i) {
        auto const made = begin(cache, i, {});
        EXPECT_EQ(made.has_value(), i < 4) << i;
    }
    EXPECT_EQ(look(cache, 0), verdict::silent);
    EXPECT_EQ(cache.take_forgotten_early(), 0U);
}

// Without its reply a request is known still: answered anew it would break its key.
TEST_F(duplicate_cache_test, forgets_the_oldest_replies_when_bytes_run_out_and_says_so)
{
    auto const bound = 3 * pssst::limits::reply_block;
    auto cache = make(100'000, bound);
    byte_string const reply(1000, 0x55);
    constexpr std::uint32_t count = 1000;
    for (std::uint32_t i = 0; i < count; ++i) {
        answer(cache, i, reply);
        ASSERT_LE(cache.reply_bytes(), bound);
    }
    std::uint32_t kept = 0;
    while (look(cache, count - 1 - kept) == verdict::answered)
        ++kept;
    EXPECT_GE(kept, 2 * (pssst::limits::reply_block / reply.size()));
    EXPECT_EQ(cache.take_forgotten_early(), count - kept);
    EXPECT_EQ(cache.size(), count);
    for (std::uint32_t i = 0; i < count - kept; ++i)
        EXPECT_EQ(look(cache, i), verdict::silent) << i;
}

TEST_F(duplicate_cache_test, the_largest_replies_fit)
{
    auto cache = make(16, 1);
    byte_string const reply(pssst::limits::reply_block, 0x55);
    answer(cache, 1, reply);
    answer(cache, 2, reply);
    EXPECT_EQ(look(cache, 1), verdict::silent);
    EXPECT_EQ(copy_of(cache.find(dh_of(2), packet_of(2)).reply), reply);
}

TEST_F(duplicate_cache_test, other_bounds_keep_what_fits)
{
    auto cache = make(1000, 8 * pssst::limits::reply_block);
    auto const sender = [](std::uint32_t i) { return "d" + std::to_string(i); };
    for (std::uint32_t i = 0; i < 1000; ++i)
        answer(cache, i, packet_of(i), sender(i));
    cache.set_bounds({4000, 8 * pssst::limits::reply_block, 5min});
    for (std::uint32_t i = 0; i < 1000; ++i)
        ASSERT_EQ(look(cache, i), verdict::answered) << i;
    for (std::uint32_t i = 1000; i < 4000; ++i)
        answer(cache, i, packet_of(i), sender(i));
    EXPECT_EQ(cache.take_forgotten_early(), 0U);
    cache.set_bounds({100, 8 * pssst::limits::reply_block, 5min});
    EXPECT_EQ(cache.size(), 100U);
    EXPECT_EQ(cache.take_forgotten_early(), 3900U);
    for (std::uint32_t i = 3900; i < 4000; ++i)
        ASSERT_EQ(copy_of(cache.find(dh_of(i), packet_of(i)).reply), packet_of(i)) << i;
}

TEST_F(duplicate_cache_test, fewer_bytes_let_go_of_replies)
{
    auto cache = make(100'000, 8 * pssst::limits::reply_block);
    byte_string const reply(1000, 0x55);
    for (std::uint32_t i = 0; i < 500; ++i)
        answer(cache, i, reply);
    cache.set_bounds({100'000, 2 * pssst::limits::reply_block, 5min});
    EXPECT_LE(cache.reply_bytes(), 2 * pssst::limits::reply_block);
    EXPECT_EQ(look(cache, 499), verdict::answered);
    for (std::uint32_t i = 500; i < 1000; ++i)
        answer(cache, i, reply);
    EXPECT_LE(cache.reply_bytes(), 2 * pssst::limits::reply_block);
}

TEST_F(duplicate_cache_test, a_ticket_may_move)
{
    auto cache = make(16);
    duplicate_cache::ticket kept;
    {
        auto made = begin(cache, 1);
        ASSERT_TRUE(made);
        kept = std::move(*made);
    }
    EXPECT_EQ(look(cache, 1), verdict::silent);
    kept.answered(now, packet_of(7));
    EXPECT_EQ(look(cache, 1), verdict::answered);
}

// A random life against a plain model.
TEST_F(duplicate_cache_test, agrees_with_a_plain_model)
{
    struct known {
        std::uint32_t number;
        std::uint32_t sender;
        time_point expires;
    };
    constexpr std::size_t most = 64;
    auto cache = make(most, 1 << 20, 30s);
    std::vector<known> model;  // in the order of their ends
    std::mt19937 draw{7};
    std::size_t refused = 0;
    std::size_t pushed = 0;
    for (unsigned step = 0; step < 40'000; ++step) {
        now += std::chrono::milliseconds{draw() % 600};
        auto const number = static_cast<std::uint32_t>(draw() % 200);
        auto const sender = static_cast<std::uint32_t>(draw() % (1 + step / 400));
        std::erase_if(model, [&](known const& k) { return k.expires <= now; });
        bool const is_known = std::any_of(model.begin(), model.end(), [&](known const& k) {
            return k.number == number;
        });
        auto const is_own = [&](known const& k) { return k.sender == sender; };
        auto const held = std::count_if(model.begin(), model.end(), is_own);
        bool const has_capacity = static_cast<std::size_t>(held) < most - model.size();
        auto made = begin(cache, number, "d" + std::to_string(sender));
        ASSERT_EQ(made.has_value(), !is_known && (has_capacity || held > 0));
        if (!made) {
            refused += is_known ? 0U : 1U;
            continue;
        }
        if (!has_capacity) {
            model.erase(std::find_if(model.begin(), model.end(), is_own));
            ++pushed;
        }
        made->answered(now, packet_of(number));
        model.push_back({number, sender, now + 30s});
        ASSERT_EQ(cache.size(), model.size());
        auto const& any = model[draw() % model.size()];
        ASSERT_EQ(copy_of(cache.find(dh_of(any.number), packet_of(any.number)).reply).size(), 60U);
    }
    EXPECT_GT(refused, 100U);
    EXPECT_GT(pushed, 100U);
}

}  // namespace
}  // namespace gatehouse::test
