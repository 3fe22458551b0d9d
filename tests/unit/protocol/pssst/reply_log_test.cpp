// What is kept comes back as it was, and goes in the order in which it came.
#include "protocol/pssst/reply_log.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <random>

namespace gatehouse::test {
namespace {

using pssst::reply_log;
using pssst::limits::reply_block;

TEST(reply_log, takes_no_memory_before_the_first_reply)
{
    reply_log const log{10 * reply_block};
    EXPECT_EQ(log.bytes_held(), 0U);
    EXPECT_TRUE(log.has_capacity_for(reply_block));
}

TEST(reply_log, a_full_log_has_room_again_when_enough_is_let_go)
{
    reply_log log{2 * reply_block};
    byte_string const half(reply_block / 2, 1);
    std::deque<reply_log::position> kept;
    while (log.has_capacity_for(half.size()))
        kept.push_back(log.add(half));
    EXPECT_EQ(kept.size(), 4U);
    while (!log.has_capacity_for(half.size())) {
        kept.pop_front();
        log.let_go(kept.empty() ? std::nullopt : std::optional{kept.front()});
    }
    EXPECT_GE(kept.size(), 1U);
    EXPECT_LE(log.bytes_held(), 2 * reply_block);
}

TEST(reply_log, no_reply_lies_in_two_blocks)
{
    reply_log log{4 * reply_block};
    byte_string const large(reply_block - 10, 1);
    byte_string const small(20, 2);
    auto const first = log.add(large);
    auto const second = log.add(small);
    EXPECT_EQ(copy_of(log.at(first)), large);
    EXPECT_EQ(copy_of(log.at(second)), small);
    EXPECT_EQ(log.bytes_held(), 2 * reply_block);
}

TEST(reply_log, keeps_everything_through_a_long_life)
{
    struct kept {
        reply_log::position where;
        byte_string what;
    };
    reply_log log{3 * reply_block};
    std::deque<kept> all;
    std::mt19937 draw{3};
    for (int step = 0; step < 5'000; ++step) {
        auto const what = pattern_bytes(draw() % 2048, static_cast<std::uint8_t>(draw()));
        while (!log.has_capacity_for(what.size()) || draw() % 50 == 0) {
            if (all.empty())
                break;
            // Now and then one from the middle: its room comes with those in front of it.
            auto const goes = draw() % 3 == 0 ? draw() % all.size() : 0;
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(goes));
            log.let_go(all.empty() ? std::nullopt : std::optional{all.front().where});
        }
        all.push_back({log.add(what), what});
        ASSERT_LE(log.bytes_held(), 3 * reply_block);
        auto const& any = all[draw() % all.size()];
        ASSERT_EQ(copy_of(log.at(any.where)), any.what);
    }
    EXPECT_GT(all.size(), 50U);
}

}  // namespace
}  // namespace gatehouse::test
