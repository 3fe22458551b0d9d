// What a session acknowledges, and when; and what control frames may do.
#include "unit/protocol/usmp/datagram_established_fixture.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

INSTANTIATE_TEST_SUITE_P(
    generation,
    datagram_established,
    testing::ValuesIn(datagram_generations),
    [](auto const& instance) { return name_of(instance.param); }
);

TEST_P(datagram_established, a_message_is_acknowledged_when_it_was_taken_over)
{
    auto const message = talk.say(wire_type::data, "m");
    EXPECT_TRUE(talk.session.was_ours);
    talk.expect_up("m");
    talk.advance(10s);
    talk.expect_silence();
    talk.take_over();
    talk.expect_ack(message);
    talk.expect_silence();
}

TEST_P(datagram_established, chunks_and_control_frames_are_acknowledged_at_once)
{
    talk.expect_ack(talk.say(wire_type::data_frag, "be"));
    auto const last = talk.say(wire_type::data, "gin");
    talk.expect_up("begin");
    talk.take_over();
    talk.expect_ack(last);
    talk.expect_ack(talk.say(wire_type::pong));
    talk.expect_ack(talk.say(wire_type::ping));
    talk.hear(wire_type::pong);
    talk.expect_ack(talk.say(wire_type::bye));
}

TEST_P(datagram_established, the_form_of_an_acknowledgement)
{
    talk.say(wire_type::pong);
    EXPECT_EQ(talk.lose().size(), GetParam() == wire_generation::c ? 7U : 15U);
}

TEST_P(datagram_established, messages_are_acknowledged_in_their_order)
{
    auto const one = talk.say(wire_type::data, "1");
    auto const two = talk.say(wire_type::data, "2");
    auto const three = talk.say(wire_type::data, "3");
    talk.session.up.clear();
    talk.take_over(2);
    talk.expect_ack(one);
    talk.expect_ack(two);
    talk.expect_silence();
    talk.take_over(5);
    talk.expect_ack(three);
    talk.expect_silence();
}

TEST_P(datagram_established, a_repeated_frame_is_acknowledged_again_and_not_delivered)
{
    auto const message = talk.say(wire_type::data, "m");
    talk.expect_up("m");
    for (int i = 0; i < 3; ++i) {
        talk.feed(message);
        talk.expect_refused(error::unproven_replay);
        talk.expect_silence();  // still owed
    }
    talk.take_over();
    talk.expect_ack(message);
    for (int i = 0; i < 3; ++i) {
        talk.feed(message);
        talk.expect_refused(error::unproven_replay);
        talk.expect_ack(message);
        talk.expect_silence();
    }
    auto const chunk = talk.say(wire_type::data_frag, "be");
    talk.expect_ack(chunk);
    talk.feed(chunk);
    talk.expect_ack(chunk);
    auto const last = talk.say(wire_type::data, "gin");
    talk.expect_up("begin");
    talk.take_over();
    talk.expect_ack(last);
}

TEST_P(datagram_established, a_repeated_ping_is_answered_once)
{
    auto const ping = talk.say(wire_type::ping);
    talk.expect_ack(ping);
    talk.feed(ping);
    talk.lose();  // the PONG
    talk.expect_ack(ping);
    talk.expect_silence();
}

TEST_P(datagram_established, a_message_waits_while_too_many_are_owed)
{
    for (int i = 0; i < 4; ++i)
        talk.say(wire_type::data, "m");
    EXPECT_EQ(talk.session.up.size(), 4U);
    auto const fifth = talk.seal(wire_type::data, text_bytes("fifth"));
    talk.feed(fifth);
    talk.expect_refused(error::limit_backend_backlog);
    EXPECT_EQ(talk.session.up.size(), 4U);
    EXPECT_TRUE(talk.session.wire.empty());
    talk.session.up.clear();
    talk.take_over();
    talk.session.wire.clear();
    talk.feed(fifth);
    talk.expect_up("fifth");
    talk.take_over(4);
    EXPECT_EQ(talk.session.wire.size(), 4U);
}

TEST_P(datagram_established, nothing_is_taken_while_the_backend_has_no_room)
{
    talk.session.door().set_backend_capacity(false);
    auto const message = talk.say(wire_type::data, "m");
    talk.expect_refused(error::limit_backend_backlog);
    talk.expect_silence();
    EXPECT_FALSE(talk.session.get().heard_newest());
    talk.session.door().set_backend_capacity(true);
    talk.feed(message);
    talk.expect_up("m");
    talk.take_over();
    talk.expect_ack(message);
}

// Nothing is to be taken in for that.
TEST_P(datagram_established, what_was_taken_over_is_acknowledged_again_also_without_room)
{
    auto const message = talk.say(wire_type::data, "m");
    talk.expect_up("m");
    talk.take_over();
    talk.lose();
    talk.session.door().set_backend_capacity(false);
    talk.feed(message);
    talk.expect_refused(error::unproven_replay);
    talk.expect_ack(message);
    talk.expect_silence();
}

TEST_P(datagram_established, control_frames_need_no_room)
{
    talk.session.door().set_backend_capacity(false);
    talk.expect_ack(talk.say(wire_type::ping));
    talk.hear(wire_type::pong);
}

TEST_P(datagram_established, control_frames_have_no_text)
{
    for (auto const type : {wire_type::ping, wire_type::pong, wire_type::bye}) {
        auto const wrong = talk.say(type, "text");
        talk.expect_refused(error::malformed_length);
        talk.expect_ack(wrong);
        talk.expect_silence();
    }
    talk.deliver("m");
}

TEST_P(datagram_established, pings_are_answered_once_at_a_time)
{
    auto const first = talk.say(wire_type::ping);
    talk.expect_ack(first);
    auto const pong = talk.expect_frame(wire_type::pong);
    for (int i = 0; i < 3; ++i)
        talk.expect_ack(talk.say(wire_type::ping));
    talk.expect_silence();
    talk.feed(pong);
    talk.hear(wire_type::pong);
    talk.expect_silence();
}

TEST_P(datagram_established, a_flood_of_control_frames_ends_it)
{
    for (int i = 0; i < 8; ++i)
        talk.expect_ack(talk.say(wire_type::pong));
    talk.say(wire_type::pong);
    talk.expect_refused(error::limit_control_frames);
    EXPECT_EQ(talk.session.get().ended(), end_reason::protocol);
}

TEST_P(datagram_established, a_repeated_control_frame_is_no_flood)
{
    auto const pong = talk.say(wire_type::pong);
    for (int i = 0; i < 100; ++i)
        talk.feed(pong);
    EXPECT_EQ(talk.session.wire.size(), 101U);
    talk.session.wire.clear();
    talk.deliver("m");
}

}  // namespace
}  // namespace gatehouse::test
