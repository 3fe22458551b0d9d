// REKEY, from either side.
#include "unit/protocol/usmp/post_office.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::frame_type;

TEST(outbox_rekey, stays_until_it_arrived)
{
    post_office office{usmp::r1_2};
    office.send_rekey();
    auto const rekey = office.expect(frame_type::rekey);
    EXPECT_EQ(rekey.text, text_of(pattern_bytes(32)));
    office.wait(60s);
    EXPECT_EQ(office.sent.size(), 4U);
    office.sent.clear();
    EXPECT_TRUE(office.undelivered.empty());
    office.post("m");
    office.expect_again(rekey);
    office.expect_silence();
    EXPECT_TRUE(office.ack(rekey));
    office.expect(frame_type::data, "m");
}

TEST(outbox_rekey, may_show_itself_to_have_arrived)
{
    post_office office{usmp::r1_2};
    office.send_rekey();
    office.expect(frame_type::rekey);
    office.rekey_arrived();
    EXPECT_TRUE(office.box->empty());
    EXPECT_EQ(office.box->deadline(), never);

    office.post("other frames do not");
    office.rekey_arrived();
    EXPECT_TRUE(office.box->awaits_ack());
}

TEST(outbox_rekey, is_sent_only_when_nothing_is_on_its_way)
{
    post_office office{usmp::r1_2};
    office.post("m");
    EXPECT_DEATH(office.send_rekey(), "");
}

TEST(outbox_rekey, what_is_out_when_the_device_changes_keys_is_undelivered)
{
    post_office office{usmp::r1_2};
    office.post("out");
    office.post("waiting");
    auto const said = office.ack_of(office.expect(frame_type::data, "out"));
    office.change_keys();
    office.read_new_keys();
    office.wait(499ms);
    office.expect_silence();  // its acknowledgement may be on its way
    office.wait(1ms);
    office.expect_undelivered(1, "out");
    auto const waiting = office.expect(frame_type::data, "waiting");
    EXPECT_EQ(waiting.sequence, 0U) << "under the new key";
    EXPECT_FALSE(office.ack(said)) << "of the same number under the old key";
    EXPECT_TRUE(office.ack(waiting));
    EXPECT_TRUE(office.box->empty());
}

TEST(outbox_rekey, unless_its_acknowledgement_was_on_its_way)
{
    post_office office{usmp::r1_2};
    office.post("out");
    auto const said = office.ack_of(office.expect(frame_type::data, "out"));
    office.change_keys();
    EXPECT_TRUE(office.ack(said));
    office.wait(1h);
    office.expect_silence();
    EXPECT_TRUE(office.box->empty());
}

// Whatever the device had of it is forgotten with its keys: the rest would look like a message.
TEST(outbox_rekey, no_message_goes_on_under_other_keys)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(1000));
    office.post("next");
    auto const said = office.ack_of(*office.next());
    office.change_keys();
    office.read_new_keys();
    EXPECT_TRUE(office.ack(said));
    office.advance();
    office.expect_undelivered(1, text_of(pattern_bytes(1000)));
    office.ack(office.expect(frame_type::ping));
    office.ack(office.expect(frame_type::data, "next"));
    EXPECT_TRUE(office.box->empty());
    EXPECT_EQ(office.box->backlog(), 0U);
}

TEST(outbox_rekey, the_last_piece_of_a_message_still_counts)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(500));
    office.advance();
    office.ack(*office.next());
    auto const said = office.ack_of(*office.next());
    office.change_keys();
    office.read_new_keys();
    EXPECT_TRUE(office.ack(said));
    office.post("next");
    office.expect(frame_type::data, "next");
    EXPECT_TRUE(office.undelivered.empty());
}

TEST(outbox_rekey, the_next_frame_is_readable_again)
{
    post_office office{usmp::r1_2};
    office.post("out");
    office.change_keys();
    office.read_new_keys();
    office.wait(1s);
    office.sent.clear();
    office.undelivered.clear();
    office.post("new");
    auto const frame = office.expect(frame_type::data, "new");
    office.wait(500ms);
    office.expect_again(frame);
    EXPECT_TRUE(office.undelivered.empty());
}

TEST(outbox_rekey, what_cannot_be_read_is_not_sent_again)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(1000));
    office.advance();
    office.wait(30s);
    ASSERT_EQ(office.sent.back().type, frame_type::ping);
    office.sent.clear();
    office.undelivered.clear();
    office.change_keys();
    office.read_new_keys();
    office.post("new");
    office.wait(10s);
    ASSERT_FALSE(office.sent.empty());
    for (auto const& frame : office.sent)
        EXPECT_NE(frame.text, "(unreadable)");
    EXPECT_EQ(office.sent.back().text, "new");
}

TEST(outbox_rekey, a_long_message_is_lost_as_a_whole)
{
    post_office office{usmp::r1_2};
    office.add(pattern_bytes(1808));
    office.advance();
    office.ack(*office.next());
    EXPECT_EQ(office.next()->type, frame_type::data_frag);
    office.change_keys();
    office.read_new_keys();
    office.wait(1s);
    office.expect_undelivered(1, text_of(pattern_bytes(1808)));
    EXPECT_EQ(office.box->backlog(), 0U);
    office.ack(office.expect(frame_type::ping));
    EXPECT_TRUE(office.box->empty());
}

}  // namespace
}  // namespace gatehouse::test
