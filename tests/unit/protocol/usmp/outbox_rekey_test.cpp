// REKEY, from either side.
#include "unit/protocol/usmp/scripted_peer.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::frame_type;

TEST(outbox_rekey, stays_until_it_arrived)
{
    scripted_peer peer{usmp::r1_2};
    peer.send_rekey();
    auto const rekey = peer.expect(frame_type::rekey);
    EXPECT_EQ(rekey.text, text_of(pattern_bytes(32)));
    peer.wait(60s);
    EXPECT_EQ(peer.sent.size(), 4U);
    peer.sent.clear();
    EXPECT_TRUE(peer.undelivered.empty());
    peer.post("m");
    peer.expect_again(rekey);
    peer.expect_silence();
    EXPECT_TRUE(peer.ack(rekey));
    peer.expect(frame_type::data, "m");
}

TEST(outbox_rekey, may_show_itself_to_have_arrived)
{
    scripted_peer peer{usmp::r1_2};
    peer.send_rekey();
    peer.expect(frame_type::rekey);
    peer.rekey_arrived();
    EXPECT_TRUE(peer.box->empty());
    EXPECT_EQ(peer.box->deadline(), never);

    peer.post("other frames do not");
    peer.rekey_arrived();
    EXPECT_TRUE(peer.box->awaits_ack());
}

TEST(outbox_rekey, is_sent_only_when_nothing_is_on_its_way)
{
    scripted_peer peer{usmp::r1_2};
    peer.post("m");
    EXPECT_DEATH(peer.send_rekey(), "");
}

TEST(outbox_rekey, what_is_out_when_the_device_changes_keys_is_undelivered)
{
    scripted_peer peer{usmp::r1_2};
    peer.post("out");
    peer.post("waiting");
    auto const said = peer.ack_of(peer.expect(frame_type::data, "out"));
    peer.change_keys();
    peer.read_new_keys();
    peer.wait(499ms);
    peer.expect_silence();  // its acknowledgement may be on its way
    peer.wait(1ms);
    peer.expect_undelivered(1, "out");
    auto const waiting = peer.expect(frame_type::data, "waiting");
    EXPECT_EQ(waiting.sequence, 0U) << "under the new key";
    EXPECT_FALSE(peer.ack(said)) << "of the same number under the old key";
    EXPECT_TRUE(peer.ack(waiting));
    EXPECT_TRUE(peer.box->empty());
}

TEST(outbox_rekey, unless_its_acknowledgement_was_on_its_way)
{
    scripted_peer peer{usmp::r1_2};
    peer.post("out");
    auto const said = peer.ack_of(peer.expect(frame_type::data, "out"));
    peer.change_keys();
    EXPECT_TRUE(peer.ack(said));
    peer.wait(1h);
    peer.expect_silence();
    EXPECT_TRUE(peer.box->empty());
}

// Whatever the device had of it is forgotten with its keys: the rest would look like a message.
TEST(outbox_rekey, no_message_goes_on_under_other_keys)
{
    scripted_peer peer{usmp::r1_2};
    peer.add(pattern_bytes(1000));
    peer.post("next");
    auto const said = peer.ack_of(*peer.next());
    peer.change_keys();
    peer.read_new_keys();
    EXPECT_TRUE(peer.ack(said));
    peer.advance();
    peer.expect_undelivered(1, text_of(pattern_bytes(1000)));
    peer.ack(peer.expect(frame_type::ping));
    peer.ack(peer.expect(frame_type::data, "next"));
    EXPECT_TRUE(peer.box->empty());
    EXPECT_EQ(peer.box->backlog(), 0U);
}

TEST(outbox_rekey, the_last_piece_of_a_message_still_counts)
{
    scripted_peer peer{usmp::r1_2};
    peer.add(pattern_bytes(500));
    peer.advance();
    peer.ack(*peer.next());
    auto const said = peer.ack_of(*peer.next());
    peer.change_keys();
    peer.read_new_keys();
    EXPECT_TRUE(peer.ack(said));
    peer.post("next");
    peer.expect(frame_type::data, "next");
    EXPECT_TRUE(peer.undelivered.empty());
}

TEST(outbox_rekey, the_next_frame_is_readable_again)
{
    scripted_peer peer{usmp::r1_2};
    peer.post("out");
    peer.change_keys();
    peer.read_new_keys();
    peer.wait(1s);
    peer.sent.clear();
    peer.undelivered.clear();
    peer.post("new");
    auto const frame = peer.expect(frame_type::data, "new");
    peer.wait(500ms);
    peer.expect_again(frame);
    EXPECT_TRUE(peer.undelivered.empty());
}

TEST(outbox_rekey, what_cannot_be_read_is_not_sent_again)
{
    scripted_peer peer{usmp::r1_2};
    peer.add(pattern_bytes(1000));
    peer.advance();
    peer.wait(30s);
    ASSERT_EQ(peer.sent.back().type, frame_type::ping);
    peer.sent.clear();
    peer.undelivered.clear();
    peer.change_keys();
    peer.read_new_keys();
    peer.post("new");
    peer.wait(10s);
    ASSERT_FALSE(peer.sent.empty());
    for (auto const& frame : peer.sent)
        EXPECT_NE(frame.text, "(unreadable)");
    EXPECT_EQ(peer.sent.back().text, "new");
}

TEST(outbox_rekey, a_long_message_is_lost_as_a_whole)
{
    scripted_peer peer{usmp::r1_2};
    peer.add(pattern_bytes(1808));
    peer.advance();
    peer.ack(*peer.next());
    EXPECT_EQ(peer.next()->type, frame_type::data_frag);
    peer.change_keys();
    peer.read_new_keys();
    peer.wait(1s);
    peer.expect_undelivered(1, text_of(pattern_bytes(1808)));
    EXPECT_EQ(peer.box->backlog(), 0U);
    peer.ack(peer.expect(frame_type::ping));
    EXPECT_TRUE(peer.box->empty());
}

}  // namespace
}  // namespace gatehouse::test
