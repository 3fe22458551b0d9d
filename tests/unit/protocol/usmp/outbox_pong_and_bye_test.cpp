// PONG and BYE: when they go out among the messages.
#include "unit/protocol/usmp/post_office.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::frame_type;

TEST_P(outbox, pongs_that_wait_are_one)
{
    for (int i = 0; i < 5; ++i)
        office.box->want_pong();
    office.advance();
    auto const pong = office.expect(frame_type::pong);
    office.expect_silence();
    for (int i = 0; i < 5; ++i)
        office.box->want_pong();
    office.advance();
    office.ack(pong);
    office.ack(office.expect(frame_type::pong));
    office.expect_silence();
    EXPECT_TRUE(office.box->empty());
}

TEST_P(outbox, a_pong_comes_before_the_next_message_but_never_into_one)
{
    office.add(pattern_bytes(500));
    office.post("next");
    office.box->want_pong();
    office.advance();
    office.ack(*office.next());
    office.ack(*office.next());
    office.ack(office.expect(frame_type::pong));
    office.expect(frame_type::data, "next");
}

TEST_P(outbox, a_pong_that_is_not_acknowledged_is_nobodys_loss)
{
    office.box->want_pong();
    office.advance();
    office.wait(1h);
    EXPECT_EQ(office.sent.size(), 5U);
    EXPECT_TRUE(office.undelivered.empty());
    office.sent.clear();
    office.post("m");
    while (office.sent.size() > 1)
        EXPECT_EQ(office.next()->type, frame_type::pong);
    EXPECT_TRUE(office.ack(office.expect(frame_type::data, "m")));
    EXPECT_TRUE(office.box->empty());
}

TEST_P(outbox, bye_follows_what_waits)
{
    office.post("out");
    office.post("waiting");
    office.box->want_bye();
    office.advance();
    EXPECT_FALSE(office.box->said_bye());
    office.ack(office.expect(frame_type::data, "out"));
    office.ack(office.expect(frame_type::data, "waiting"));
    EXPECT_TRUE(office.box->said_bye());
    auto const bye = office.expect(frame_type::bye);
    EXPECT_EQ(bye.sequence, 2U);
    office.wait(1s);
    office.expect_again(bye);
    EXPECT_TRUE(office.ack(bye));
    EXPECT_TRUE(office.box->empty());
    office.expect_silence();
}

TEST_P(outbox, bye_follows_also_what_was_given_up)
{
    office.post("out");
    office.post("waiting");
    office.box->want_bye();
    auto const out = office.expect(frame_type::data, "out");
    office.wait(25s);
    office.expect_undelivered(1, "out");
    office.expect_undelivered(2, "waiting");
    if (strict()) {
        EXPECT_FALSE(office.box->said_bye());
        office.sent.clear();
        office.ack(out);
    }
    ASSERT_FALSE(office.sent.empty());
    EXPECT_EQ(office.sent.back().type, frame_type::bye);
    EXPECT_TRUE(office.box->said_bye());
}

TEST_P(outbox, bye_may_go_out_at_once)
{
    office.post("out");
    office.post("waiting");
    office.box->want_pong();
    office.sent.clear();
    office.say_bye();
    auto const bye = office.expect(frame_type::bye);
    EXPECT_EQ(bye.sequence, 1U);
    office.expect_silence();
    office.wait(500ms);
    office.expect_again(bye);
    EXPECT_TRUE(office.ack(office.ack_of(bye)));
}

TEST_P(outbox, nothing_follows_bye)
{
    for (bool const is_acknowledged : {false, true}) {
        post_office fresh{*GetParam()};
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
    office.post("out");
    office.post("waiting");
    office.sent.clear();
    office.say_bye();
    EXPECT_TRUE(office.ack(office.ack_of(office.expect(frame_type::bye))));
    office.give_up_messages();
    office.expect_undelivered(1, "out");
    office.expect_undelivered(2, "waiting");
    EXPECT_EQ(office.box->backlog(), 0U);
}

}  // namespace
}  // namespace gatehouse::test
