// PONG and BYE: when they go out among the messages.
#include "unit/protocol/usmp/scripted_peer.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::frame_type;

TEST_P(outbox, pongs_that_wait_are_one)
{
    for (int i = 0; i < 5; ++i)
        peer.box->want_pong();
    peer.advance();
    auto const pong = peer.expect(frame_type::pong);
    peer.expect_silence();
    for (int i = 0; i < 5; ++i)
        peer.box->want_pong();
    peer.advance();
    peer.ack(pong);
    peer.ack(peer.expect(frame_type::pong));
    peer.expect_silence();
    EXPECT_TRUE(peer.box->empty());
}

TEST_P(outbox, a_pong_comes_before_the_next_message_but_never_into_one)
{
    peer.add(pattern_bytes(500));
    peer.post("next");
    peer.box->want_pong();
    peer.advance();
    peer.ack(*peer.next());
    peer.ack(*peer.next());
    peer.ack(peer.expect(frame_type::pong));
    peer.expect(frame_type::data, "next");
}

TEST_P(outbox, a_pong_that_is_not_acknowledged_is_nobodys_loss)
{
    peer.box->want_pong();
    peer.advance();
    peer.wait(1h);
    EXPECT_EQ(peer.sent.size(), 5U);
    EXPECT_TRUE(peer.undelivered.empty());
    peer.sent.clear();
    peer.post("m");
    while (peer.sent.size() > 1)
        EXPECT_EQ(peer.next()->type, frame_type::pong);
    EXPECT_TRUE(peer.ack(peer.expect(frame_type::data, "m")));
    EXPECT_TRUE(peer.box->empty());
}

TEST_P(outbox, bye_follows_what_waits)
{
    peer.post("out");
    peer.post("waiting");
    peer.box->want_bye();
    peer.advance();
    EXPECT_FALSE(peer.box->said_bye());
    peer.ack(peer.expect(frame_type::data, "out"));
    peer.ack(peer.expect(frame_type::data, "waiting"));
    EXPECT_TRUE(peer.box->said_bye());
    auto const bye = peer.expect(frame_type::bye);
    EXPECT_EQ(bye.sequence, 2U);
    peer.wait(1s);
    peer.expect_again(bye);
    EXPECT_TRUE(peer.ack(bye));
    EXPECT_TRUE(peer.box->empty());
    peer.expect_silence();
}

TEST_P(outbox, bye_follows_also_what_was_given_up)
{
    peer.post("out");
    peer.post("waiting");
    peer.box->want_bye();
    auto const out = peer.expect(frame_type::data, "out");
    peer.wait(25s);
    peer.expect_undelivered(1, "out");
    peer.expect_undelivered(2, "waiting");
    if (strict()) {
        EXPECT_FALSE(peer.box->said_bye());
        peer.sent.clear();
        peer.ack(out);
    }
    ASSERT_FALSE(peer.sent.empty());
    EXPECT_EQ(peer.sent.back().type, frame_type::bye);
    EXPECT_TRUE(peer.box->said_bye());
}

TEST_P(outbox, bye_may_go_out_at_once)
{
    peer.post("out");
    peer.post("waiting");
    peer.box->want_pong();
    peer.sent.clear();
    peer.say_bye();
    auto const bye = peer.expect(frame_type::bye);
    EXPECT_EQ(bye.sequence, 1U);
    peer.expect_silence();
    peer.wait(500ms);
    peer.expect_again(bye);
    EXPECT_TRUE(peer.ack(peer.ack_of(bye)));
}

TEST_P(outbox, nothing_follows_bye)
{
    for (bool const is_acknowledged : {false, true}) {
        scripted_peer fresh{*GetParam()};
        fresh.post("out");
        fresh.post("waiting");
        fresh.box->want_pong();
        fresh.sent.clear();
        fresh.say_bye();
        auto const bye = fresh.expect(frame_type::bye);
        if (is_acknowledged)
            fresh.ack(bye);
        fresh.wait(1h);
        fresh.advance();
        fresh.wait(1h);
        while (!fresh.sent.empty())
            fresh.expect_again(bye);
    }
}

TEST_P(outbox, messages_that_bye_overtook_are_undelivered)
{
    peer.post("out");
    peer.post("waiting");
    peer.sent.clear();
    peer.say_bye();
    EXPECT_TRUE(peer.ack(peer.ack_of(peer.expect(frame_type::bye))));
    peer.give_up_messages();
    peer.expect_undelivered(1, "out");
    peer.expect_undelivered(2, "waiting");
    EXPECT_EQ(peer.box->backlog(), 0U);
}

}  // namespace
}  // namespace gatehouse::test
