// Messages in pieces: whole or not at all.
#include "unit/protocol/usmp/datagram_established_fixture.h"

#include <gtest/gtest.h>

#include <cstddef>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

TEST_P(datagram_established, a_message_that_was_broken_off_is_dropped)
{
    talk.expect_ack(talk.say(wire_type::data_frag, "never "));
    auto const between = talk.say(wire_type::ping);
    talk.expect_refused(error::malformed_fragments);
    talk.expect_ack(between);
    talk.hear(wire_type::pong);
    talk.deliver("whole");
    talk.expect_ack(talk.say(wire_type::data_frag, "be"));
    talk.expect_ack(talk.say(wire_type::data_frag, "gi"));
    auto const end = talk.say(wire_type::data, "n");
    talk.expect_up("begin");
    talk.take_over();
    talk.expect_ack(end);
}

// What shows the gap may be a part of the same message. If it is the next one, it comes again.
TEST(datagram_established_window, a_gap_in_a_message_costs_it)
{
    datagram_talk talk{wire_generation::d3};
    talk.shake_hands();
    talk.expect_ack(talk.say(wire_type::data_frag, "never "));
    talk.seal(wire_type::data_frag);
    auto const next = talk.say(wire_type::data, "next");
    talk.expect_refused(error::malformed_fragments);
    talk.expect_silence();
    EXPECT_FALSE(talk.session.get().heard_newest());
    talk.feed(next);
    talk.expect_up("next");
    talk.take_over();
    talk.expect_ack(next);
}

TEST(datagram_established_window, a_late_frame_does_not_break_a_message)
{
    datagram_talk talk{wire_generation::d3};
    talk.shake_hands();
    auto const late = talk.seal(wire_type::data, text_bytes("late"));
    talk.expect_ack(talk.say(wire_type::data_frag, "be"));
    talk.feed(late);
    talk.expect_refused(error::malformed_fragments);
    talk.expect_silence();
    auto const last = talk.say(wire_type::data, "gin");
    talk.expect_up("begin");
    talk.take_over();
    talk.expect_ack(last);
    talk.feed(late);
    talk.expect_up("late");
}

TEST_P(datagram_established, a_fourth_fragment_costs_the_message_and_no_more)
{
    for (int i = 0; i < 3; ++i)
        talk.expect_ack(talk.say(wire_type::data_frag, "x"));
    auto const fourth = talk.say(wire_type::data_frag, "x");
    talk.expect_refused(error::malformed_fragments);
    talk.expect_ack(fourth);
    talk.expect_ack(talk.say(wire_type::pong));
    talk.deliver("whole");
}

// --- too many of them -------------------------------------------------------------------------

// The device does not know that its fourth fragment was one too many.
void send_too_many(datagram_talk& talk)
{
    for (int i = 0; i < 4; ++i) {
        talk.expect_ack(talk.say(wire_type::data_frag, "x"));
        if (i == 3)
            talk.expect_refused(error::malformed_fragments);
    }
}

// A device that hears no acknowledgement sends the same frame again.
void expect_never_acknowledged(datagram_talk& talk, datagram_talk::said const& frame)
{
    for (int repetition = 0; repetition < 5; ++repetition) {
        talk.advance(500ms);
        talk.feed(frame);
        talk.expect_refused(error::malformed_fragments);
        talk.expect_silence();
        EXPECT_FALSE(talk.session.get().heard_newest());
    }
}

TEST_P(datagram_established, the_end_of_a_message_with_too_many_fragments_is_never_acknowledged)
{
    send_too_many(talk);
    expect_never_acknowledged(talk, talk.seal(wire_type::data, text_bytes("end")));
}

TEST_P(datagram_established, nor_is_a_fifth_fragment)
{
    send_too_many(talk);
    expect_never_acknowledged(talk, talk.seal(wire_type::data_frag, text_bytes("x")));
}

TEST_P(datagram_established, the_fragment_too_many_is_acknowledged_again)
{
    for (int i = 0; i < 3; ++i)
        talk.expect_ack(talk.say(wire_type::data_frag, "x"));
    auto const fourth = talk.say(wire_type::data_frag, "x");
    talk.expect_ack(fourth);
    talk.feed(fourth);
    talk.expect_refused(error::unproven_replay);
    talk.expect_ack(fourth);
    expect_never_acknowledged(talk, talk.seal(wire_type::data, text_bytes("end")));
}

// In strict order there is no next one before the end was taken, so the session comes to its own.
TEST_P(datagram_established, too_many_fragments_do_not_cost_the_next_message)
{
    send_too_many(talk);
    expect_never_acknowledged(talk, talk.seal(wire_type::data, text_bytes("end")));
    auto const next = talk.say(wire_type::data, "next");
    talk.expect_silence();
    talk.feed(next);
    if (strict()) {
        talk.expect_refused(error::unproven_sequence);
        talk.expect_silence();
        talk.expect_failure(error::limit_idle_time);
        return;
    }
    talk.expect_up("next");
    talk.take_over();
    talk.expect_ack(next);
    talk.deliver(pattern_bytes(1808));
}

TEST(datagram_established_window, behind_too_many_fragments_a_message_may_have_pieces)
{
    datagram_talk talk{wire_generation::d3};
    talk.shake_hands();
    send_too_many(talk);
    expect_never_acknowledged(talk, talk.seal(wire_type::data, text_bytes("end")));
    auto const first = talk.say(wire_type::data_frag, "be");
    talk.expect_refused(error::malformed_fragments);
    talk.expect_silence();
    talk.feed(first);
    talk.expect_ack(first);
    auto const last = talk.say(wire_type::data, "gin");
    talk.expect_up("begin");
    talk.take_over();
    talk.expect_ack(last);
}

// --- as many as may be ------------------------------------------------------------------------

TEST_P(datagram_established, the_longest_message)
{
    talk.deliver(pattern_bytes(1808));
    auto const text = pattern_bytes(1808, 3);
    talk.send(text);
    EXPECT_EQ(talk.session.get().backlog(), 1808U);
    for (std::size_t i = 0; i < 4; ++i)
        talk.hear(
            i < 3 ? wire_type::data_frag : wire_type::data,
            copy_of(bytes{text}.subspan(452 * i, 452))
        );
    EXPECT_EQ(talk.session.get().backlog(), 0U);
    talk.send(pattern_bytes(1809));
    EXPECT_EQ(talk.session.refused, error::limit_message_size);
    talk.expect_silence();
}

}  // namespace
}  // namespace gatehouse::test
