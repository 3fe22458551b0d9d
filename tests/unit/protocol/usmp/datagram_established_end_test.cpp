// How a session ends.
#include "unit/protocol/usmp/datagram_established_fixture.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

TEST_P(datagram_established, the_devices_goodbye)
{
    auto const bye = talk.say(wire_type::bye);
    EXPECT_EQ(talk.session.get().ended(), end_reason::bye);
    talk.expect_ack(bye);
    EXPECT_TRUE(talk.session.wire.empty());
}

TEST_P(datagram_established, the_gateways_goodbye_follows_what_waits)
{
    talk.send("out");
    talk.send("waiting");
    talk.session.end();
    talk.send("too late");
    EXPECT_EQ(talk.session.refused, error::internal_closed);
    talk.hear(wire_type::data, text_bytes("out"));
    talk.hear(wire_type::data, text_bytes("waiting"));
    EXPECT_FALSE(talk.session.get().ended());
    talk.hear(wire_type::bye);
    EXPECT_EQ(talk.session.get().ended(), end_reason::bye);
    talk.session.give_up_messages();
    EXPECT_TRUE(talk.session.undelivered.empty());
    EXPECT_TRUE(talk.session.wire.empty());
}

TEST_P(datagram_established, and_goes_out_at_once_when_asked_again)
{
    talk.send("out");
    talk.send("waiting");
    talk.session.end();
    talk.lose();
    EXPECT_TRUE(talk.session.wire.empty());
    talk.session.end();
    talk.device.skip_to(1);
    auto const said = talk.expect_frame(wire_type::bye);
    EXPECT_FALSE(talk.session.get().ended());
    talk.feed(said);
    EXPECT_EQ(talk.session.get().ended(), end_reason::bye);
    EXPECT_TRUE(talk.session.wire.empty()) << "something follows the goodbye";
    talk.session.give_up_messages();
    talk.expect_undelivered(1, "out");
    talk.expect_undelivered(2, "waiting");
    EXPECT_TRUE(talk.session.undelivered.empty());
}

TEST_P(datagram_established, after_its_goodbye_the_gateway_only_listens)
{
    talk.send("out");
    talk.send("waiting");
    talk.session.wire.clear();
    talk.session.end();
    talk.session.end();
    auto const bye = talk.lose();
    auto const message = talk.say(wire_type::data, "last words");
    talk.expect_up("last words");
    talk.take_over();
    talk.expect_ack(message);
    talk.expect_ack(talk.say(wire_type::ping));
    EXPECT_TRUE(talk.session.wire.empty()) << "no PONG";
    talk.session.advance(100s);
    auto const pong = talk.say(wire_type::pong);
    talk.session.advance(100s);
    for (auto const& again : talk.session.wire)
        EXPECT_TRUE(again == bye || again == pong.ack) << to_hex(again);
    EXPECT_FALSE(talk.session.failure);
}

TEST_P(datagram_established, goodbye_to_a_device_that_does_not_know_its_session_yet)
{
    datagram_talk early{GetParam()};
    early.hello();
    early.lose();
    early.feed(early.expect_frame(wire_type::challenge));
    early.hello_ack();
    early.lose();
    auto const said = early.expect_frame(wire_type::session_ok);
    early.send("m");
    early.session.end();
    EXPECT_TRUE(early.session.wire.empty());
    early.feed(said);
    early.hear(wire_type::data, text_bytes("m"));
    early.hear(wire_type::bye);
    EXPECT_EQ(early.session.get().ended(), end_reason::bye);
}

TEST_P(datagram_established, nothing_is_repeated_after_the_end)
{
    talk.send("m");
    talk.session.wire.clear();
    talk.say(wire_type::bye);
    talk.session.wire.clear();
    talk.session.give_up_messages();
    talk.expect_undelivered(1, "m");
    EXPECT_EQ(talk.session.get().backlog(), 0U);
    EXPECT_GT(talk.session.get().deadline(), talk.session.now() + 20s);
}

TEST_P(datagram_established, idleness_ends_it)
{
    talk.advance(59'999ms);
    talk.expect_silence();
    talk.advance(1ms);
    EXPECT_EQ(talk.session.failure, error::limit_idle_time);
}

TEST_P(datagram_established, a_device_that_waits_for_the_backend_is_not_idle)
{
    talk.session.door().set_backend_capacity(false);
    auto const message = talk.seal(wire_type::data, text_bytes("m"));
    for (int i = 0; i < 5; ++i) {
        talk.advance(50s);
        talk.feed(message);
    }
    talk.expect_silence();
}

TEST_P(datagram_established, repeated_frames_do_not_end_idleness)
{
    auto const pong = talk.say(wire_type::pong);
    talk.advance(50s);
    talk.feed(pong);
    talk.advance(10s);
    EXPECT_EQ(talk.session.failure, error::limit_idle_time);
}

TEST_P(datagram_established, age_ends_the_busiest)
{
    auto setup = usmp_world_setup{};
    setup.config.max_session_age = 100s;
    datagram_talk old{GetParam(), setup};
    old.shake_hands();
    old.advance(50s);
    old.deliver("m");
    old.advance(39s);
    old.deliver("m");
    old.advance(11s);
    EXPECT_EQ(old.session.failure, error::limit_session_age);
}

TEST_P(datagram_established, the_end_of_its_key_is_its_end)
{
    auto setup = usmp_world_setup{};
    setup.devices = {{usual_mac, {{usual_psk(), {setup.wall_now - 1h, setup.wall_now + 40s}}}}};
    datagram_talk timed{GetParam(), setup};
    timed.advance(5s);
    timed.shake_hands();
    timed.advance(34s);
    timed.deliver("m");
    timed.advance(1s);
    EXPECT_EQ(timed.session.failure, error::unproven_expired_key);
}

TEST_P(datagram_established, an_idle_session_needs_nobody)
{
    talk.deliver("m");
    talk.send("m");
    talk.hear(wire_type::data, text_bytes("m"));
    talk.advance(20s);
    talk.deliver("m");
    EXPECT_FALSE(talk.session.get().expects_unnamed());
    talk.advance(1s);  // until acknowledgements are repeated no more
    EXPECT_EQ(talk.session.get().deadline(), talk.session.now() + 59s);
}

}  // namespace
}  // namespace gatehouse::test
