// One frame at a time, in order, each with a number of its own; and what is left at the end.
#include "unit/protocol/usmp/scripted_peer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::frame_type;

INSTANTIATE_TEST_SUITE_P(
    release,
    outbox,
    testing::Values(&usmp::r0_4_7, &usmp::r0_5, &usmp::r1_0, &usmp::r1_2),
    [](auto const& instance) {
        std::string name{instance.param->release};
        for (auto& letter : name)
            letter = letter == '.' ? '_' : letter;
        return name;
    }
);

TEST_P(outbox, has_nothing_to_do_at_first)
{
    EXPECT_TRUE(peer.box->empty());
    EXPECT_FALSE(peer.box->awaits_ack());
    EXPECT_EQ(peer.box->backlog(), 0U);
    EXPECT_EQ(peer.box->deadline(), never);
    peer.advance();
    peer.wait(1h);
    peer.give_up_messages();
    peer.expect_silence();
}

TEST_P(outbox, one_frame_at_a_time)
{
    peer.post("one");
    peer.post("two");
    EXPECT_EQ(peer.box->backlog(), 6U);
    EXPECT_TRUE(peer.box->awaits_ack());
    auto const one = peer.expect(frame_type::data, "one");
    peer.expect_silence();
    EXPECT_TRUE(peer.ack(one));
    EXPECT_EQ(peer.box->backlog(), 3U);
    auto const two = peer.expect(frame_type::data, "two");
    EXPECT_EQ(two.sequence, one.sequence + 1);
    EXPECT_TRUE(peer.ack(two));
    peer.expect_silence();
    EXPECT_TRUE(peer.box->empty());
    EXPECT_FALSE(peer.box->awaits_ack());
    EXPECT_EQ(peer.box->backlog(), 0U);
    EXPECT_EQ(peer.box->deadline(), never);
}

TEST_P(outbox, thousands_in_order)
{
    std::mt19937 random{1};
    std::size_t added = 0;
    for (std::size_t heard = 0; heard < 3000; ++heard) {
        for (auto more = random() % 4; added == heard || more > 0; --more) {
            peer.post(std::to_string(added++));
            if (more == 0)
                break;
        }
        ASSERT_TRUE(peer.ack(peer.expect(frame_type::data, std::to_string(heard))));
    }
}

TEST_P(outbox, an_empty_message_is_a_message)
{
    peer.post("");
    EXPECT_FALSE(peer.box->empty());
    peer.ack(peer.expect(frame_type::data, ""));
    EXPECT_TRUE(peer.box->empty());
}

TEST_P(outbox, long_messages_go_in_chunks_each_after_the_other)
{
    for (std::size_t const size : {452U, 453U, 904U, 905U, 1808U}) {
        auto const text = pattern_bytes(size);
        peer.add(text);
        peer.advance();
        byte_string heard;
        while (!peer.box->empty()) {
            auto const frame = peer.next();
            ASSERT_TRUE(frame);
            append(heard, text_bytes(frame->text));
            bool const last = heard.size() == size;
            EXPECT_EQ(frame->type, last ? frame_type::data : frame_type::data_frag);
            EXPECT_EQ(peer.box->backlog(), size) << "it counts until it has arrived as a whole";
            peer.expect_silence();
            ASSERT_TRUE(peer.ack(*frame));
        }
        EXPECT_EQ(heard, text);
        EXPECT_EQ(peer.box->backlog(), 0U);
    }
}

TEST_P(outbox, all_that_is_not_acknowledged_is_reported_at_the_end)
{
    for (auto const* text : {"1", "2", "3", "4"})
        peer.post(text);
    peer.ack(peer.expect(frame_type::data, "1"));
    peer.give_up_messages();
    for (std::uint64_t number = 2; number <= 4; ++number)
        peer.expect_undelivered(number, std::to_string(number));
    EXPECT_TRUE(peer.undelivered.empty());
    EXPECT_EQ(peer.box->backlog(), 0U);
    peer.give_up_messages();
    EXPECT_TRUE(peer.undelivered.empty());
    peer.sent.clear();
    peer.wait(1h);
    peer.expect_silence();
}

TEST_P(outbox, is_like_new_when_it_comes_back)
{
    peer.add(pattern_bytes(1000));
    peer.post("m");
    peer.box->want_pong();
    peer.wait(12'500ms);
    auto const* const before = peer.box.get();
    peer.box.reset();
    peer.box = peer.pool.take();
    ASSERT_EQ(peer.box.get(), before);
    peer.sent.clear();
    peer.undelivered.clear();
    EXPECT_TRUE(peer.box->empty());
    EXPECT_EQ(peer.box->backlog(), 0U);
    EXPECT_EQ(peer.box->deadline(), never);
    EXPECT_FALSE(peer.box->awaits_ack());
    peer.advance();
    peer.give_up_messages();
    peer.expect_silence();
    peer.post("new");
    EXPECT_TRUE(peer.ack(peer.expect(frame_type::data, "new")));
}

}  // namespace
}  // namespace gatehouse::test
