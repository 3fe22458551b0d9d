// What follows a message that was given up.
#include "unit/protocol/usmp/scripted_peer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::frame_type;

TEST(outbox_in_any_order, goes_on_with_the_next_message)
{
    scripted_peer peer{usmp::r1_2};
    peer.post("lost");
    peer.post("next");
    auto const lost = peer.expect(frame_type::data, "lost");
    peer.wait(12'500ms);
    peer.expect_undelivered(1, "lost");
    for (int i = 0; i < 4; ++i)
        peer.expect_again(lost);
    auto const next = peer.expect(frame_type::data, "next");
    EXPECT_EQ(next.sequence, lost.sequence + 1);
    EXPECT_FALSE(peer.ack(lost)) << "too late, it was reported";
    EXPECT_TRUE(peer.ack(next));
    EXPECT_TRUE(peer.box->empty());
}

TEST(outbox_in_any_order, separates_a_broken_off_message_from_the_next)
{
    scripted_peer peer{usmp::r1_2};
    peer.add(pattern_bytes(1000));
    peer.post("next");
    peer.ack(*peer.next());
    EXPECT_EQ(peer.next()->type, frame_type::data_frag);
    peer.wait(14'725ms);
    peer.expect_undelivered(1, text_of(pattern_bytes(1000)));
    while (peer.sent.size() > 1)
        peer.next();
    auto const separator = peer.expect(frame_type::ping);
    peer.expect_silence();
    peer.ack(separator);
    peer.ack(peer.expect(frame_type::data, "next"));
    EXPECT_TRUE(peer.box->empty());
}

TEST(outbox_in_any_order, separates_also_when_nothing_follows_yet)
{
    scripted_peer peer{usmp::r1_2};
    peer.add(pattern_bytes(1000));
    peer.advance();
    peer.wait(12'500ms);
    EXPECT_EQ(peer.undelivered.size(), 1U);
    auto const separator = peer.sent.back();
    EXPECT_EQ(separator.type, frame_type::ping);
    peer.sent.clear();
    peer.post("later");
    EXPECT_TRUE(peer.sent.empty());
    peer.ack(separator);
    peer.expect(frame_type::data, "later");
}

// A device that missed the separator too would join the pieces of two messages.
TEST(outbox_in_any_order, nothing_overtakes_the_separator)
{
    scripted_peer peer{usmp::r1_2};
    peer.add(pattern_bytes(1000));
    peer.advance();
    peer.wait(12'500ms);
    auto const separator = peer.sent.back();
    ASSERT_EQ(separator.type, frame_type::ping);
    peer.sent.clear();
    peer.undelivered.clear();
    peer.wait(60s);
    EXPECT_LE(peer.sent.size(), 4U);
    peer.sent.clear();
    peer.post("later");
    peer.expect_again(separator);
    peer.expect_silence();
    peer.ack(separator);
    peer.expect(frame_type::data, "later");
}

// Devices before 0.6 take nothing before the frame that they miss.
class outbox_in_order : public testing::TestWithParam<usmp::profile const*> {
protected:
    scripted_peer peer{*GetParam()};
};
INSTANTIATE_TEST_SUITE_P(
    release,
    outbox_in_order,
    testing::Values(&usmp::r0_4_7, &usmp::r0_5),
    [](auto const& instance) { return std::string{instance.index == 0 ? "r0_4_7" : "r0_5"}; }
);

TEST_P(outbox_in_order, the_frame_stays_and_is_tried_again)
{
    peer.post("lost");
    auto const frame = peer.expect(frame_type::data, "lost");
    peer.wait(12'500ms);
    peer.expect_undelivered(1, "lost");
    peer.sent.clear();
    peer.wait(1h);
    peer.expect_silence();

    peer.post("next");
    peer.expect_again(frame);
    peer.expect_silence();
    EXPECT_TRUE(peer.ack(frame));
    auto const next = peer.expect(frame_type::data, "next");
    EXPECT_EQ(next.sequence, frame.sequence + 1);
    EXPECT_TRUE(peer.ack(next));
    EXPECT_TRUE(peer.box->empty());
    peer.expect_silence();
}

TEST_P(outbox_in_order, each_message_behind_it_has_its_own_time)
{
    for (auto const* text : {"1", "2", "3"})
        peer.post(text);
    auto const frame = peer.expect(frame_type::data, "1");
    for (std::uint64_t number = 1; number <= 3; ++number) {
        peer.wait(12'499ms);
        EXPECT_TRUE(peer.undelivered.empty());
        peer.wait(1ms);
        peer.expect_undelivered(number, std::to_string(number));
    }
    EXPECT_EQ(peer.box->backlog(), 0U);
    while (!peer.sent.empty())
        peer.expect_again(frame);
    peer.wait(1h);
    peer.expect_silence();
}

// However late it came, it was not sent yet.
TEST_P(outbox_in_order, a_message_behind_a_pong_has_its_own_time)
{
    peer.measure(1ms);
    peer.box->want_pong();
    peer.advance();
    peer.wait(3s);
    peer.post("m");
    peer.wait(12s);
    EXPECT_TRUE(peer.undelivered.empty()) << "it was given up before its time";
    peer.wait(100ms);
    peer.expect_undelivered(1, "m");
    EXPECT_EQ(peer.sent.back().text, "m");
}

TEST_P(outbox_in_order, separates_a_broken_off_message_from_the_next)
{
    peer.add(pattern_bytes(1000));
    peer.post("next");
    auto const first = *peer.next();
    peer.ack(first);
    auto const second = *peer.next();
    peer.wait(14'725ms);
    EXPECT_EQ(peer.undelivered.size(), 1U);
    peer.sent.clear();
    EXPECT_TRUE(peer.ack(second));
    peer.ack(peer.expect(frame_type::ping));
    peer.ack(peer.expect(frame_type::data, "next"));
    EXPECT_TRUE(peer.box->empty());
}

// Nothing is known of it: it goes along with what follows, which cannot be taken without it.
TEST_P(outbox_in_order, a_pong_that_was_given_up_accompanies_what_follows)
{
    peer.box->want_pong();
    peer.advance();
    auto const pong = peer.expect(frame_type::pong);
    peer.wait(1h);
    peer.sent.clear();
    peer.post("m");
    peer.expect_again(pong);
    auto const frame = peer.expect(frame_type::data, "m");
    EXPECT_EQ(frame.sequence, pong.sequence + 1);
    peer.wait(500ms);
    peer.expect_again(pong);
    peer.expect_again(frame);
    EXPECT_FALSE(peer.ack(pong));
    EXPECT_TRUE(peer.ack(frame));
    peer.post("next");
    peer.expect(frame_type::data, "next");
    peer.expect_silence();
}

}  // namespace
}  // namespace gatehouse::test
