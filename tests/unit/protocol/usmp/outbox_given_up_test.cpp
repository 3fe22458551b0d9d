// What follows a message that was given up.
#include "unit/protocol/usmp/post_office.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::frame_type;

TEST(outbox_in_any_order, goes_on_with_the_next_message)
{
    post_office office{usmp::r1_2};
    office.post("lost");
    office.post("next");
    auto const lost = office.expect(frame_type::data, "lost");
    office.wait(12'500ms);
    office.expect_undelivered(1, "lost");
    for (int i = 0; i < 4; ++i)
        office.expect_again(lost);
    auto const next = office.expect(frame_type::data, "next");
    EXPECT_EQ(next.sequence, lost.sequence + 1);
    EXPECT_FALSE(office.ack(lost)) << "too late, it was reported";
    EXPECT_TRUE(office.ack(next));
    EXPECT_TRUE(office.box->empty());
}

TEST(outbox_in_any_order, separates_a_broken_off_message_from_the_next)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(1000));
    office.post("next");
    office.ack(*office.next());
    EXPECT_EQ(office.next()->type, frame_type::data_frag);
    office.wait(14'725ms);
    office.expect_undelivered(1, text_of(pattern_bytes(1000)));
    while (office.sent.size() > 1)
        office.next();
    auto const separator = office.expect(frame_type::ping);
    office.expect_silence();
    office.ack(separator);
    office.ack(office.expect(frame_type::data, "next"));
    EXPECT_TRUE(office.box->empty());
}

TEST(outbox_in_any_order, separates_also_when_nothing_follows_yet)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(1000));
    office.advance();
    office.wait(12'500ms);
    EXPECT_EQ(office.undelivered.size(), 1U);
    auto const separator = office.sent.back();
    EXPECT_EQ(separator.type, frame_type::ping);
    office.sent.clear();
    office.post("later");
    EXPECT_TRUE(office.sent.empty());
    office.ack(separator);
    office.expect(frame_type::data, "later");
}

// A device that missed the separator too would join the pieces of two messages.
TEST(outbox_in_any_order, nothing_overtakes_the_separator)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(1000));
    office.advance();
    office.wait(12'500ms);
    auto const separator = office.sent.back();
    ASSERT_EQ(separator.type, frame_type::ping);
    office.sent.clear();
    office.undelivered.clear();
    office.wait(60s);
    EXPECT_LE(office.sent.size(), 4U);
    office.sent.clear();
    office.post("later");
    office.expect_again(separator);
    office.expect_silence();
    office.ack(separator);
    office.expect(frame_type::data, "later");
}

// Devices before 0.6 take nothing before the frame that they miss.
class outbox_in_order : public testing::TestWithParam<usmp::profile const*> {
protected:
    post_office office{*GetParam()};
};
INSTANTIATE_TEST_SUITE_P(
    release,
    outbox_in_order,
    testing::Values(&usmp::r0_4_7, &usmp::r0_5),
    [](auto const& instance) { return std::string{instance.index == 0 ? "r0_4_7" : "r0_5"}; }
);

TEST_P(outbox_in_order, the_frame_stays_and_is_tried_again)
{
    office.post("lost");
    auto const frame = office.expect(frame_type::data, "lost");
    office.wait(12'500ms);
    office.expect_undelivered(1, "lost");
    office.sent.clear();
    office.wait(1h);
    office.expect_silence();

    office.post("next");
    office.expect_again(frame);
    office.expect_silence();
    EXPECT_TRUE(office.ack(frame));
    auto const next = office.expect(frame_type::data, "next");
    EXPECT_EQ(next.sequence, frame.sequence + 1);
    EXPECT_TRUE(office.ack(next));
    EXPECT_TRUE(office.box->empty());
    office.expect_silence();
}

TEST_P(outbox_in_order, each_message_behind_it_has_its_own_time)
{
    for (auto const* text : {"1", "2", "3"})
        office.post(text);
    auto const frame = office.expect(frame_type::data, "1");
    for (std::uint64_t number = 1; number <= 3; ++number) {
        office.wait(12'499ms);
        EXPECT_TRUE(office.undelivered.empty());
        office.wait(1ms);
        office.expect_undelivered(number, std::to_string(number));
    }
    EXPECT_EQ(office.box->backlog(), 0U);
    while (!office.sent.empty())
        office.expect_again(frame);
    office.wait(1h);
    office.expect_silence();
}

// However late it came, it was not sent yet.
TEST_P(outbox_in_order, a_message_behind_a_pong_has_its_own_time)
{
    office.measure(1ms);
    office.box->want_pong();
    office.advance();
    office.wait(3s);
    office.post("m");
    office.wait(12s);
    EXPECT_TRUE(office.undelivered.empty()) << "it was given up before its time";
    office.wait(100ms);
    office.expect_undelivered(1, "m");
    EXPECT_EQ(office.sent.back().text, "m");
}

TEST_P(outbox_in_order, separates_a_broken_off_message_from_the_next)
{
    office.add(pattern_bytes(1000));
    office.post("next");
    auto const first = *office.next();
    office.ack(first);
    auto const second = *office.next();
    office.wait(14'725ms);
    EXPECT_EQ(office.undelivered.size(), 1U);
    office.sent.clear();
    EXPECT_TRUE(office.ack(second));
    office.ack(office.expect(frame_type::ping));
    office.ack(office.expect(frame_type::data, "next"));
    EXPECT_TRUE(office.box->empty());
}

// Nothing is known of it: it goes along with what follows, which cannot be taken without it.
TEST_P(outbox_in_order, a_pong_that_was_given_up_accompanies_what_follows)
{
    office.box->want_pong();
    office.advance();
    auto const pong = office.expect(frame_type::pong);
    office.wait(1h);
    office.sent.clear();
    office.post("m");
    office.expect_again(pong);
    auto const frame = office.expect(frame_type::data, "m");
    EXPECT_EQ(frame.sequence, pong.sequence + 1);
    office.wait(500ms);
    office.expect_again(pong);
    office.expect_again(frame);
    EXPECT_FALSE(office.ack(pong));
    EXPECT_TRUE(office.ack(frame));
    office.post("next");
    office.expect(frame_type::data, "next");
    office.expect_silence();
}

}  // namespace
}  // namespace gatehouse::test
