// An authenticated session over datagrams: what is acknowledged and when, what is delivered, what
// is reported, and how it ends.
#include "protocol/usmp/datagram_established.h"
#include "support/datagram_talk.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

class datagram_established : public testing::TestWithParam<wire_generation> {
protected:
    datagram_established() { talk.shake_hands(); }

    bool strict() const { return GetParam() < wire_generation::d2; }

    datagram_talk talk{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    datagram_established,
    testing::ValuesIn(datagram_generations),
    [](auto const& instance) { return name_of(instance.param); }
);

// --- acknowledgements of the device's frames --------------------------------------------------

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
    talk.session.door().set_backend_room(false);
    auto const message = talk.say(wire_type::data, "m");
    talk.expect_refused(error::limit_backend_backlog);
    talk.expect_silence();
    EXPECT_FALSE(talk.session.get().heard_newest());
    talk.session.door().set_backend_room(true);
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
    talk.session.door().set_backend_room(false);
    talk.feed(message);
    talk.expect_refused(error::unproven_replay);
    talk.expect_ack(message);
    talk.expect_silence();
}

TEST_P(datagram_established, control_frames_need_no_room)
{
    talk.session.door().set_backend_room(false);
    talk.expect_ack(talk.say(wire_type::ping));
    talk.hear(wire_type::pong);
}

// --- order and replay -------------------------------------------------------------------------

TEST_P(datagram_established, frames_out_of_order)
{
    auto const first = talk.seal(wire_type::data, text_bytes("first"));
    talk.say(wire_type::data, "second");
    if (strict()) {
        talk.expect_refused(error::unproven_sequence);
        talk.expect_silence();
        talk.feed(first);
        talk.expect_up("first");
        return;
    }
    talk.expect_up("second");
    talk.feed(first);
    talk.expect_up("first");
    EXPECT_FALSE(talk.session.get().heard_newest());
    talk.feed(first);
    talk.expect_refused(error::unproven_replay);
    talk.take_over(2);
    EXPECT_EQ(talk.session.wire.size(), 2U);
}

TEST_P(datagram_established, only_what_is_newest_may_move_the_device)
{
    EXPECT_FALSE(talk.session.get().heard_newest());
    auto const message = talk.say(wire_type::data, "m");
    EXPECT_TRUE(talk.session.get().heard_newest());
    talk.feed(message);
    EXPECT_FALSE(talk.session.get().heard_newest());
    talk.expect_up("m");
    talk.say(wire_type::ping);
    EXPECT_TRUE(talk.session.get().heard_newest());
    talk.session.wire.pop_front();
    auto const said = talk.expect_frame(wire_type::pong);
    talk.feed(said);
    EXPECT_TRUE(talk.session.was_ours);
    EXPECT_FALSE(talk.session.get().heard_newest()) << "an acknowledgement can be replayed";
}

// The last datagram counts, whatever it was.
TEST_P(datagram_established, junk_behind_a_frame_moves_nothing)
{
    auto const forged =
        reference_device::frame(talk.device.hello()[2], wire_type::data, 7, pattern_bytes(60));
    auto proof = reference_device::frame(talk.device.hello()[2], wire_type::hello_ack, 0, {});
    std::vector<byte_string> const junk{
        forged,
        copy_of(bytes{forged}.first(forged.size() - 1)),
        proof,
        reference_device::frame(talk.device.hello()[2], wire_type::hello, 0, {}),
        reference_device::frame(talk.device.hello()[2], wire_type::challenge, 0, {}),
        talk.device.hello(),
        talk.device.hello_ack(),
        transport_ack_of(forged),
        text_bytes("garbage"),
        {},
    };
    for (auto const& each : junk) {
        talk.say(wire_type::data, "m");
        ASSERT_TRUE(talk.session.get().heard_newest());
        talk.session.taken_over(1);
        talk.session.feed_unseen(each);
        EXPECT_FALSE(talk.session.was_ours) << to_hex(each);
        EXPECT_FALSE(talk.session.get().heard_newest()) << to_hex(each);
    }
}

TEST(datagram_established_window, too_old_frames_are_refused)
{
    datagram_talk talk{wire_generation::d3};
    talk.shake_hands();
    auto const old = talk.seal(wire_type::data, text_bytes("old"));
    auto const late = talk.seal(wire_type::data, text_bytes("late"));
    talk.feed(talk.device.seal_as(wire_type::data, 64, text_bytes("64")));
    talk.expect_up("64");
    talk.feed(old);
    talk.expect_refused(error::unproven_replay);
    EXPECT_TRUE(talk.session.wire.empty());
    talk.feed(late);
    talk.expect_up("late");
}

TEST_P(datagram_established, the_last_numbers_are_never_used)
{
    for (auto const sequence : {0xfffffff0U, 0xfffffffeU, 0xffffffffU}) {
        talk.feed(talk.device.seal_as(wire_type::data, sequence, text_bytes("m")));
        talk.expect_refused(error::unproven_sequence);
        talk.expect_silence();
    }
    talk.deliver("m");
}

TEST_P(datagram_established, a_forged_frame_does_not_move_the_window)
{
    for (std::uint32_t const sequence : {0U, 1U, 100U, 0xffff0000U}) {
        auto forged = talk.device.seal_as(wire_type::data, sequence, text_bytes("forged"));
        forged.back() ^= 1;
        mend_checksum(forged);
        talk.feed(forged);
        talk.expect_silence();
        EXPECT_TRUE(talk.session.refused);
    }
    talk.deliver("m");
}

TEST_P(datagram_established, frames_of_another_version_are_refused)
{
    auto other = talk.device.seal_as(wire_type::data, 0, text_bytes("m"));
    other[2] ^= 3;
    mend_checksum(other);
    talk.feed(other);
    talk.expect_silence();
    talk.deliver("m");
}

TEST_P(datagram_established, the_gateways_own_frames_are_nothing_that_a_device_says)
{
    talk.send("m");
    auto const own = talk.session.wire.front();
    talk.feed(own);
    if (GetParam() != wire_generation::c)  // where both directions have one key
        EXPECT_TRUE(talk.session.up.empty());
}

// --- messages in pieces -----------------------------------------------------------------------

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

// --- control frames ---------------------------------------------------------------------------

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

// --- downlink ---------------------------------------------------------------------------------

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

// --- the end ----------------------------------------------------------------------------------

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
    talk.session.door().set_backend_room(false);
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
    old.advance(49s);
    old.deliver("m");
    old.advance(1s);
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
    EXPECT_EQ(talk.session.get().deadline(), talk.session.now() + 60s);
}

}  // namespace
}  // namespace gatehouse::test
