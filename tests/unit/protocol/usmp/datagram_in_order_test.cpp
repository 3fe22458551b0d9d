// What devices of 0.4.7 and 0.5 need on a bad path, as they take no frame but the next one; and
// whose silence counts.
#include "unit/protocol/usmp/datagram_established_fixture.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

using repetitions = std::deque<byte_string>;

// Until the gateway knows that the path is short.
void measure(datagram_talk& talk)
{
    for (int i = 0; i < 40; ++i) {
        talk.send("m");
        talk.hear(wire_type::data, text_bytes("m"));
    }
}

TEST_P(datagram_established, the_latest_acknowledgement_is_repeated_for_devices_that_need_it)
{
    auto const said = talk.say(wire_type::data, "m");
    talk.expect_up("m");
    talk.advance(1s);
    EXPECT_EQ(talk.session.acked_again, repetitions{}) << "nobody has taken it over";
    talk.take_over();
    talk.expect_ack(said);
    talk.advance(99ms);
    EXPECT_EQ(talk.session.acked_again, repetitions{});
    talk.advance(1ms);
    EXPECT_EQ(talk.session.acked_again, strict() ? repetitions{said.ack} : repetitions{});
    talk.advance(10s);
    EXPECT_EQ(talk.session.acked_again, strict() ? repetitions(2, said.ack) : repetitions{});
}

TEST_P(datagram_established, the_next_frame_shows_that_it_arrived)
{
    talk.deliver("m");
    auto const ping = talk.say(wire_type::ping);
    talk.expect_ack(ping);
    talk.lose();
    talk.advance(300ms);
    EXPECT_EQ(talk.session.acked_again, strict() ? repetitions(2, ping.ack) : repetitions{});
}

TEST_P(datagram_established, a_repeated_frame_shows_that_none_arrived)
{
    auto const ping = talk.say(wire_type::ping);
    talk.expect_ack(ping);
    talk.lose();
    talk.advance(490ms);
    talk.session.acked_again.clear();
    talk.session.wire.clear();
    talk.feed(ping);
    talk.expect_refused(error::unproven_replay);
    talk.expect_ack(ping);
    talk.advance(400ms);
    EXPECT_EQ(talk.session.acked_again, strict() ? repetitions(2, ping.ack) : repetitions{});
}

TEST_P(datagram_established, after_a_goodbye_nothing_is_repeated)
{
    talk.expect_ack(talk.say(wire_type::bye));
    EXPECT_EQ(talk.session.get().ended(), end_reason::bye);
    EXPECT_TRUE(talk.session.acked_again.empty());
}

// Round trips are short: a device that may be hurried is.
TEST_P(datagram_established, no_frame_comes_again_sooner_than_the_release_itself_repeats)
{
    measure(talk);
    talk.send("m");
    auto const frame = talk.lose();
    talk.advance(strict() ? 499ms : 99ms);
    talk.expect_silence();
    talk.advance(1ms);
    talk.expect_wire(frame);
}

TEST_P(datagram_established, a_frame_waits_for_a_device_that_is_sending_itself)
{
    talk.send("m");
    auto const frame = talk.lose();
    talk.advance(400ms);
    auto const said = talk.say(wire_type::pong);
    talk.expect_ack(said);
    talk.advance(590ms);
    if (!strict()) {
        talk.expect_wire(frame);
        return;
    }
    talk.expect_silence();
    talk.feed(said);  // it has not read anything yet
    talk.expect_refused(error::unproven_replay);
    talk.expect_ack(said);
    talk.advance(599ms);
    talk.expect_silence();
    talk.advance(1ms);
    talk.expect_wire(frame);
}

TEST_P(datagram_established, but_not_for_longer_than_any_device_sends_one_frame)
{
    if (!strict())
        return;
    talk.send("m");
    auto const frame = talk.lose();
    for (int i = 0; i < 6; ++i) {
        talk.advance(400ms);
        talk.expect_ack(talk.say(wire_type::pong));
    }
    talk.advance(99ms);
    talk.expect_silence();
    talk.advance(1ms);
    talk.expect_wire(frame);
}

TEST_P(datagram_established, the_pauses_stay_short_for_devices_that_are_not_hurried)
{
    measure(talk);
    talk.send("m");
    talk.lose();
    talk.advance(12s);
    EXPECT_EQ(talk.session.wire.size(), strict() ? 13U : 4U);
}

// --- silence ----------------------------------------------------------------------------------

usmp_world_setup impatient_world()
{
    auto setup = usmp_world_setup{};
    setup.config.idle_timeout = 6s;
    return setup;
}

TEST_P(datagram_established, silence_between_repetitions_is_not_the_devices)
{
    datagram_talk slow{GetParam(), impatient_world()};
    slow.shake_hands();
    slow.send("m");
    slow.lose();
    slow.advance(7s);
    EXPECT_FALSE(slow.session.failure);
    ASSERT_FALSE(slow.session.wire.empty());
    auto const last = slow.session.wire.back();
    slow.session.wire.assign(1, last);
    slow.hear(wire_type::data, text_bytes("m"));
    slow.advance(5999ms);
    EXPECT_FALSE(slow.session.failure) << "the device answers as soon as it is asked";
    slow.advance(1ms);
    EXPECT_EQ(slow.session.failure, error::limit_idle_time);
}

TEST_P(datagram_established, one_message_is_given_its_time_and_no_more)
{
    datagram_talk dead{GetParam(), impatient_world()};
    dead.shake_hands();
    dead.send("1");
    dead.send("2");
    dead.advance(11s);
    EXPECT_FALSE(dead.session.failure);
    dead.advance(4s);
    EXPECT_EQ(dead.session.failure, error::limit_idle_time);
    dead.expect_undelivered(1, "1");
}

TEST_P(datagram_established, waiting_for_the_backend_is_not_idleness)
{
    datagram_talk waiting{GetParam(), impatient_world()};
    waiting.shake_hands();
    waiting.say(wire_type::data, "m");
    waiting.expect_up("m");
    waiting.advance(14999ms);
    EXPECT_FALSE(waiting.session.failure);
    waiting.advance(1ms);
    EXPECT_EQ(waiting.session.failure, error::limit_idle_time) << "no device waits so long";
}

TEST_P(datagram_established, and_ends_when_the_backend_has_taken_the_message_over)
{
    datagram_talk waiting{GetParam(), impatient_world()};
    waiting.shake_hands();
    auto const said = waiting.say(wire_type::data, "m");
    waiting.expect_up("m");
    waiting.advance(10s);
    waiting.take_over();
    waiting.expect_ack(said);
    waiting.advance(5999ms);
    EXPECT_FALSE(waiting.session.failure);
    waiting.advance(1ms);
    EXPECT_EQ(waiting.session.failure, error::limit_idle_time);
}

// In 0.4.7 and 0.5 anybody can send one.
TEST_P(datagram_established, an_unproven_acknowledgement_counts_once)
{
    if (!strict())
        return;
    datagram_talk slow{GetParam(), impatient_world()};
    slow.shake_hands();
    for (int i = 0; i < 2; ++i) {
        slow.send("m");
        auto const frame = slow.lose();
        slow.advance(i == 0 ? 7s : 5s);
        EXPECT_FALSE(slow.session.failure);
        slow.session.wire.assign(1, frame);
        if (i == 0)
            slow.hear(wire_type::data, text_bytes("m"));
    }
    slow.advance(1s);
    EXPECT_EQ(slow.session.failure, error::limit_idle_time);
}

}  // namespace
}  // namespace gatehouse::test
