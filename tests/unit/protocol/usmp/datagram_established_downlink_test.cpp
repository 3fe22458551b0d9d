// Messages for the device: one after the other, and reported if they did not arrive.
#include "unit/protocol/usmp/datagram_established_fixture.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

TEST_P(datagram_established, messages_for_the_device_go_one_after_the_other)
{
    talk.send("1");
    talk.send("2");
    EXPECT_TRUE(talk.session.get().expects_unnamed());
    EXPECT_EQ(talk.session.get().backlog(), 2U);
    talk.hear(wire_type::data, text_bytes("1"));
    talk.hear(wire_type::data, text_bytes("2"));
    EXPECT_EQ(talk.session.get().backlog(), 0U);
    talk.advance(14s);
    talk.expect_silence();
}

TEST_P(datagram_established, an_undelivered_message_is_reported_with_its_number)
{
    talk.send("delivered");
    talk.hear(wire_type::data, text_bytes("delivered"));
    talk.send("lost");
    talk.send("next");
    auto const lost = talk.lose();
    talk.advance(30s);
    talk.expect_undelivered(2, "lost");
    if (strict()) {
        talk.expect_undelivered(3, "next");
        EXPECT_GE(talk.session.wire.size(), 8U);
        for (auto const& again : talk.session.wire)
            EXPECT_EQ(again, lost);
        return;
    }
    talk.expect_undelivered(3, "next");
    EXPECT_EQ(talk.session.wire.size(), 9U);
}

TEST_P(datagram_established, an_unacknowledged_pong_harms_nothing)
{
    talk.expect_ack(talk.say(wire_type::ping));
    auto const pong = talk.lose();
    talk.advance(30s);
    EXPECT_EQ(talk.session.wire.size(), 4U);
    for (auto const& again : talk.session.wire)
        EXPECT_EQ(again, pong);
    talk.session.wire.clear();
    EXPECT_TRUE(talk.session.undelivered.empty());
    talk.deliver("m");
}

TEST_P(datagram_established, proven_acknowledgements_are_signs_of_life)
{
    talk.advance(50s);
    talk.send("m");
    talk.hear(wire_type::data, text_bytes("m"));
    talk.advance(30s);
    if (strict())
        EXPECT_EQ(talk.session.failure, error::limit_idle_time);
    else
        talk.expect_silence();
}

TEST_P(datagram_established, nothing_is_said_before_the_device_has_its_session)
{
    datagram_talk early{GetParam()};
    early.expect_ack(early.hello());
    early.feed(early.expect_frame(wire_type::challenge));
    early.expect_ack(early.hello_ack());
    auto const said = early.expect_frame(wire_type::session_ok);
    early.send("m");
    early.expect_silence();
    early.feed(said);
    early.hear(wire_type::data, text_bytes("m"));

    datagram_talk speaks{GetParam()};
    speaks.expect_ack(speaks.hello());
    speaks.feed(speaks.expect_frame(wire_type::challenge));
    speaks.expect_ack(speaks.hello_ack());
    speaks.expect_frame(wire_type::session_ok);
    speaks.send("m");
    speaks.expect_ack(speaks.say(wire_type::pong));
    speaks.hear(wire_type::data, text_bytes("m"));
}

// However slow the path was until then.
TEST_P(datagram_established, but_it_does_not_wait_for_ever)
{
    for (auto const path : {100ms, 499ms}) {
        auto setup = usmp_world_setup{};
        setup.handshake_time = 30s;
        datagram_talk slow{GetParam(), setup};
        slow.expect_ack(slow.hello());
        auto const said = slow.expect_frame(wire_type::challenge);
        slow.advance(path);
        slow.session.wire.clear();
        slow.feed(said);
        slow.expect_ack(slow.hello_ack());
        slow.expect_frame(wire_type::session_ok);
        slow.send("m");
        slow.advance(58s);
        ASSERT_FALSE(slow.session.undelivered.empty()) << "it was never sent";
        slow.expect_undelivered(1, "m");
    }
}

}  // namespace
}  // namespace gatehouse::test
