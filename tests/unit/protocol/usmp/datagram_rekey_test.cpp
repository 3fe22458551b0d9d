// New keys over datagrams, from either side, while frames are on their way, come twice or are lost;
// and the frame budget that makes the gateway start it.
#include "support/datagram_talk.h"

#include <gtest/gtest.h>

#include <optional>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

usmp_world_setup budgeted(std::uint64_t frames)
{
    usmp_world_setup made;
    made.config.frame_budget = frames;
    return made;
}

// D2's last releases and D3 are not told apart for good, so both may rekey.
class datagram_rekey : public testing::TestWithParam<wire_generation> {
protected:
    datagram_rekey() { talk.shake_hands(); }

    // The device has started a REKEY once; both sides have sent and heard since.
    void rekey_once(datagram_talk& with)
    {
        with.expect_ack(with.rekey());
        with.deliver("m");
    }

    datagram_talk talk{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    datagram_rekey,
    testing::Values(wire_generation::d2, wire_generation::d3),
    [](auto const& instance) { return name_of(instance.param); }
);

// --- by the device ----------------------------------------------------------------------------

TEST_P(datagram_rekey, by_the_device)
{
    talk.deliver("old");
    talk.send("old");
    talk.hear(wire_type::data, text_bytes("old"));
    talk.expect_ack(talk.rekey());
    talk.send("new");
    talk.hear(wire_type::data, text_bytes("new"));
    talk.deliver("new");
    EXPECT_EQ(talk.device.transmit_sequence(), 1U);
    EXPECT_EQ(talk.device.receive_sequence(), 1U);
}

TEST_P(datagram_rekey, by_the_device_again_and_again)
{
    for (std::uint8_t i = 0; i < 20; ++i) {
        talk.expect_ack(talk.rekey(pattern_bytes(32, i)));
        if (i % 3 == 0)
            talk.deliver("m");
        if (i % 4 == 0) {
            talk.send("d");
            talk.hear(wire_type::data, text_bytes("d"));
        }
        talk.advance(1s);
    }
}

TEST_P(datagram_rekey, one_that_is_repeated_is_acknowledged_under_the_old_key)
{
    auto const rekey = talk.rekey();
    talk.lose();
    for (int i = 0; i < 3; ++i) {
        talk.feed(rekey);
        talk.expect_ack(rekey);
        talk.expect_silence();
        talk.advance(5s);
    }
    talk.deliver("new");
    talk.feed(rekey);
    talk.expect_ack(rekey);
}

TEST_P(datagram_rekey, the_old_key_is_good_for_a_while_after_the_first_frame_under_the_new)
{
    auto const message = talk.say(wire_type::data, "old");
    talk.expect_up("old");
    talk.take_over();
    talk.expect_ack(message);
    talk.expect_ack(talk.rekey());
    talk.advance(40s);
    talk.feed(message);
    talk.expect_ack(message);
    talk.deliver("new");
    talk.advance(14'999ms);
    talk.feed(message);
    talk.expect_ack(message);
    talk.advance(1ms);
    talk.feed(message);
    talk.expect_silence();
    EXPECT_TRUE(talk.session.refused);
}

TEST_P(datagram_rekey, numbers_begin_again_under_the_new_key)
{
    for (int i = 0; i < 100; ++i)
        talk.deliver("old");
    talk.expect_ack(talk.rekey());
    for (int i = 0; i < 100; ++i)
        talk.deliver("new");
}

TEST_P(datagram_rekey, late_frames_under_the_old_key_are_taken)
{
    auto const late = talk.seal(wire_type::data, text_bytes("late"));
    talk.expect_ack(talk.rekey());
    talk.deliver("new");
    talk.feed(late);
    talk.expect_up("late");
    EXPECT_FALSE(talk.session.get().heard_newest());
    talk.feed(late);
    EXPECT_TRUE(talk.session.up.empty());
}

TEST_P(datagram_rekey, what_is_out_is_undelivered)
{
    talk.send("out");
    talk.send("waiting");
    talk.lose();
    talk.expect_ack(talk.rekey());
    talk.advance(talk.session.get().deadline() - talk.session.now());
    talk.expect_undelivered(1, "out");
    talk.hear(wire_type::data, text_bytes("waiting"));
    talk.expect_silence();
}

// Devices do not do that; whoever does gets what is owed.
TEST_P(datagram_rekey, what_is_owed_when_keys_change_is_acknowledged_under_the_old_key)
{
    auto const message = talk.say(wire_type::data, "m");
    talk.expect_up("m");
    talk.expect_ack(talk.rekey());
    talk.feed(message);
    talk.expect_silence();
    talk.take_over();
    talk.expect_ack(message);
    auto const next = talk.say(wire_type::data, "n");
    talk.expect_up("n");
    talk.take_over();
    talk.expect_ack(next);
}

TEST_P(datagram_rekey, what_was_owed_two_keys_ago_cannot_be_acknowledged)
{
    talk.say(wire_type::data, "m");
    talk.expect_up("m");
    talk.expect_ack(talk.rekey(pattern_bytes(32, 1)));
    talk.expect_ack(talk.rekey(pattern_bytes(32, 2)));
    auto const next = talk.say(wire_type::data, "n");
    talk.expect_up("n");
    talk.take_over();
    talk.expect_silence();
    talk.take_over();
    talk.expect_ack(next);
}

TEST_P(datagram_rekey, the_salt_is_32_bytes)
{
    for (std::size_t const size : {0U, 1U, 31U, 33U, 64U}) {
        auto const wrong = talk.device.seal(wire_type::rekey, pattern_bytes(size));
        talk.feed(wrong);
        talk.expect_refused(error::malformed_length);
        talk.expect_wire(talk.device.owed_ack(wrong));
        talk.expect_silence();
        talk.deliver("m");
    }
}

TEST_P(datagram_rekey, is_a_control_frame)
{
    for (std::uint8_t i = 0; i < 8; ++i)
        talk.expect_ack(talk.rekey(pattern_bytes(32, i)));
    talk.rekey();
    talk.expect_refused(error::limit_control_frames);
    EXPECT_EQ(talk.session.get().ended(), end_reason::protocol);
}

TEST(datagram_rekey_generations, older_ones_have_no_rekey)
{
    for (auto const generation : {wire_generation::c, wire_generation::d1}) {
        datagram_talk talk{generation};
        talk.shake_hands();
        auto const wrong = talk.device.seal(wire_type::rekey, pattern_bytes(32));
        talk.feed(wrong);
        talk.expect_refused(error::malformed_type);
        talk.expect_wire(talk.device.owed_ack(wrong));
        talk.expect_silence();
        talk.deliver("m");
    }
}

// --- by the gateway ---------------------------------------------------------------------------

class gateway_rekey : public datagram_rekey {
protected:
    gateway_rekey()
    {
        tired.shake_hands();
        rekey_once(tired);
        for (int i = 0; i < 9; ++i)
            tired.deliver("m");
    }

    // One frame more, then silence: the gateway starts a REKEY.
    void use_up()
    {
        tired.expect_ack(tired.say(wire_type::pong));
        fall_silent(tired);
    }

    static void fall_silent(datagram_talk& talk)
    {
        talk.expect_silence();
        talk.advance(49ms);
        talk.expect_silence();
        talk.advance(1ms);
    }

    datagram_talk tired{GetParam(), budgeted(11)};
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    gateway_rekey,
    testing::Values(wire_generation::d2, wire_generation::d3),
    [](auto const& instance) { return name_of(instance.param); }
);

TEST_P(gateway_rekey, when_the_budget_is_used_up)
{
    tired.advance(1s);
    tired.expect_silence();
    use_up();
    tired.hear(wire_type::rekey);
    tired.deliver("new");
    tired.send("new");
    tired.hear(wire_type::data, text_bytes("new"));
    EXPECT_EQ(tired.device.transmit_sequence(), 1U);
    EXPECT_EQ(tired.device.receive_sequence(), 1U);
}

TEST_P(gateway_rekey, when_messages_for_the_device_used_it_up)
{
    datagram_talk receiver{GetParam(), budgeted(10)};
    receiver.shake_hands();
    rekey_once(receiver);
    for (int i = 0; i < 10; ++i) {
        receiver.send("d");
        receiver.hear(wire_type::data, text_bytes("d"));
    }
    fall_silent(receiver);
    receiver.hear(wire_type::rekey);
    receiver.send("new");
    receiver.hear(wire_type::data, text_bytes("new"));
}

TEST_P(gateway_rekey, when_a_device_that_only_sends_messages_used_it_up)
{
    tired.deliver("one more");
    fall_silent(tired);
    tired.hear(wire_type::rekey);
}

TEST_P(gateway_rekey, over_and_over)
{
    use_up();
    for (int round = 0; round < 5; ++round) {
        tired.hear(wire_type::rekey);
        for (int i = 0; i < 10; ++i)
            tired.deliver("m");
        tired.advance(round % 2 == 0 ? 16s : 1s);
        use_up();
    }
}

TEST_P(gateway_rekey, only_when_nothing_is_on_its_way)
{
    tired.send("out");
    auto const said = tired.expect_frame(wire_type::data, text_bytes("out"));
    tired.expect_ack(tired.say(wire_type::pong));
    tired.advance(400ms);
    tired.expect_silence();
    tired.feed(said);
    fall_silent(tired);
    tired.hear(wire_type::rekey);

    datagram_talk owing{GetParam(), budgeted(3)};
    owing.shake_hands();
    rekey_once(owing);
    owing.deliver("m");
    auto const owed = owing.say(wire_type::data, "m");
    owing.expect_up("m");
    owing.advance(5s);
    owing.expect_silence();
    owing.take_over();
    owing.expect_ack(owed);
    owing.advance(50ms);
    owing.hear(wire_type::rekey);

    datagram_talk speaking{GetParam(), budgeted(3)};
    speaking.shake_hands();
    rekey_once(speaking);
    for (int i = 0; i < 3; ++i)
        speaking.expect_ack(speaking.say(wire_type::data_frag, "x"));
    speaking.advance(5s);
    speaking.expect_silence();
    auto const last = speaking.say(wire_type::data, "x");
    speaking.expect_up("xxxx");
    speaking.take_over();
    speaking.expect_ack(last);
    fall_silent(speaking);
    speaking.hear(wire_type::rekey);
}

TEST_P(gateway_rekey, a_device_that_is_never_silent_gets_it_in_the_end)
{
    for (int i = 0; i < 11; ++i) {
        tired.deliver("more");
        tired.advance(10ms);
        if (i < 10)
            tired.expect_silence();
    }
    tired.deliver("more");
    tired.advance(0ms);
    tired.hear(wire_type::rekey);
}

// The device's own new keys are as good.
TEST_P(gateway_rekey, not_when_the_device_was_first)
{
    tired.expect_ack(tired.say(wire_type::pong));
    auto const rekey = tired.rekey();
    tired.expect_ack(rekey);
    tired.advance(5s);
    tired.expect_silence();
    tired.feed(rekey);
    tired.expect_ack(rekey);
    tired.deliver("new");
    tired.advance(5s);
    tired.expect_silence();
}

TEST_P(gateway_rekey, not_after_a_goodbye)
{
    tired.expect_ack(tired.say(wire_type::pong));
    tired.session.end();
    auto const bye = tired.lose();
    EXPECT_EQ(int{type_of(bye)}, int{wire_type::bye});
    tired.advance(60s);
    for (auto const& again : tired.session.wire)
        EXPECT_EQ(again, bye);
}

TEST_P(gateway_rekey, is_repeated_until_it_arrived)
{
    use_up();
    auto const rekey = tired.lose();
    ASSERT_EQ(int{type_of(rekey)}, int{wire_type::rekey});
    tired.advance(20s);
    EXPECT_EQ(tired.session.wire.size(), 4U);
    for (auto const& again : tired.session.wire)
        EXPECT_EQ(again, rekey);
    tired.session.wire = {rekey};
    tired.hear(wire_type::rekey);
    tired.advance(20s);
    tired.expect_silence();
    tired.deliver("new");
}

// A device that took it cannot acknowledge it a second time: it may have, or not.
TEST_P(gateway_rekey, goes_along_with_what_follows)
{
    use_up();
    auto const rekey = tired.lose();
    tired.send("waiting");
    tired.expect_silence();
    tired.advance(tired.session.get().deadline() - tired.session.now());
    tired.expect_wire(rekey);
    auto const message = tired.lose();
    EXPECT_EQ(int{type_of(message)}, int{wire_type::data});
    tired.advance(2s);
    tired.expect_wire(rekey);
    tired.expect_wire(message);
    tired.session.wire = {rekey, message};
    tired.expect_frame(wire_type::rekey);
    tired.hear(wire_type::data, text_bytes("waiting"));
    tired.send("next");
    tired.hear(wire_type::data, text_bytes("next"));
    tired.advance(20s);
    tired.expect_silence();
}

TEST_P(gateway_rekey, stays_when_what_followed_was_given_up)
{
    use_up();
    auto const rekey = tired.lose();
    tired.send("lost");
    tired.advance(20s);
    tired.expect_undelivered(1, "lost");
    EXPECT_EQ(tired.session.wire.size(), 10U);
    tired.session.wire.clear();
    tired.send("next");
    tired.expect_wire(rekey);
    auto const message = tired.lose();
    tired.session.wire = {rekey, message};
    tired.expect_frame(wire_type::rekey);
    tired.device.skip_to(1);
    tired.hear(wire_type::data, text_bytes("next"));
}

TEST_P(gateway_rekey, no_longer_goes_along_once_it_arrived)
{
    use_up();
    tired.expect_frame(wire_type::rekey);
    tired.send("waiting");
    tired.advance(tired.session.get().deadline() - tired.session.now());
    tired.lose();
    auto const message = tired.lose();
    tired.expect_ack(tired.say(wire_type::pong));
    tired.advance(2s);
    for (auto const& again : tired.session.wire)
        EXPECT_EQ(again, message);
    tired.session.wire = {message};
    tired.hear(wire_type::data, text_bytes("waiting"));
}

// The device has not seen it yet.
TEST_P(gateway_rekey, frames_under_the_old_key_are_taken_and_acknowledged_under_it)
{
    use_up();
    auto const rekey = tired.lose();
    for (int i = 0; i < 3; ++i) {
        auto const message = tired.say(wire_type::data, "old");
        EXPECT_TRUE(tired.session.get().heard_newest()) << "it is all that the device can say";
        tired.expect_up("old");
        tired.expect_silence();
        tired.take_over();
        tired.expect_ack(message);
        tired.feed(message);
        tired.expect_ack(message);
    }
    tired.expect_ack(tired.say(wire_type::pong));
    tired.session.wire = {rekey};
    tired.hear(wire_type::rekey);
    tired.deliver("new");
}

TEST_P(gateway_rekey, a_message_under_the_old_key_is_not_acknowledged_before_it_was_taken_over)
{
    use_up();
    tired.lose();
    auto const message = tired.say(wire_type::data, "old");
    tired.expect_up("old");
    tired.feed(message);
    tired.expect_refused(error::unproven_replay);
    tired.expect_silence();
    tired.take_over();
    tired.expect_ack(message);
}

// Messages under both keys may be owed at once, with the same number.
TEST_P(gateway_rekey, messages_under_both_keys_are_acknowledged_each_under_its_own)
{
    use_up();
    auto const rekey = tired.lose();
    auto const old = tired.say(wire_type::data, "old");
    tired.expect_up("old");
    tired.session.wire = {rekey};
    tired.hear(wire_type::rekey);
    for (int i = 0; i < 11; ++i)
        tired.device.seal(wire_type::pong);
    auto const fresh = tired.say(wire_type::data, "new");
    tired.expect_up("new");
    tired.take_over();
    tired.expect_ack(old);
    tired.feed(fresh);
    tired.expect_silence();
    tired.take_over();
    tired.expect_ack(fresh);
}

TEST_P(gateway_rekey, the_first_frame_under_the_new_key_shows_that_it_arrived)
{
    use_up();
    tired.expect_frame(wire_type::rekey);  // its acknowledgement is lost
    tired.send("waiting");
    tired.expect_silence();
    tired.expect_ack(tired.say(wire_type::pong));
    tired.hear(wire_type::data, text_bytes("waiting"));
    tired.advance(30s);
    tired.expect_silence();
}

// The device obeyed it between two chunks.
TEST_P(gateway_rekey, a_message_that_began_under_the_old_key_is_joined)
{
    use_up();
    auto const rekey = tired.lose();
    tired.expect_ack(tired.say(wire_type::data_frag, "old "));
    tired.session.wire = {rekey};
    tired.hear(wire_type::rekey);
    auto const last = tired.say(wire_type::data, "new");
    tired.expect_up("old new");
    tired.take_over();
    tired.expect_ack(last);
}

TEST_P(gateway_rekey, is_tried_again_when_the_device_speaks)
{
    use_up();
    auto const rekey = tired.lose();
    tired.advance(40s);
    tired.session.wire.clear();
    tired.expect_ack(tired.say(wire_type::pong));
    tired.expect_wire(rekey);
}

TEST_P(gateway_rekey, both_at_once_cannot_be_untangled)
{
    use_up();
    tired.lose();
    tired.rekey();
    tired.expect_refused(error::malformed_type);
    EXPECT_EQ(tired.session.get().ended(), end_reason::protocol);
}

// --- the budget -------------------------------------------------------------------------------

TEST(datagram_budget, a_session_whose_device_never_rekeyed_is_spent)
{
    for (auto const generation : datagram_generations) {
        datagram_talk talk{generation, budgeted(5)};
        talk.shake_hands();
        for (int i = 0; i < 4; ++i)
            talk.deliver("m");
        EXPECT_GT(talk.session.get().deadline(), talk.session.now());
        talk.deliver("the fifth");
        EXPECT_LE(talk.session.get().deadline(), talk.session.now());
        talk.advance(0s);
        EXPECT_EQ(talk.session.failure, error::limit_frame_budget);
    }
}

TEST(datagram_budget, messages_for_the_device_use_it_up_too)
{
    for (auto const generation : datagram_generations) {
        datagram_talk talk{generation, budgeted(5)};
        talk.shake_hands();
        for (int i = 0; i < 5; ++i) {
            EXPECT_GT(talk.session.get().deadline(), talk.session.now()) << i;
            talk.send("d");
            talk.hear(wire_type::data, text_bytes("d"));
        }
        EXPECT_LE(talk.session.get().deadline(), talk.session.now());
        talk.advance(0s);
        EXPECT_EQ(talk.session.failure, error::limit_frame_budget);
    }
}

}  // namespace
}  // namespace gatehouse::test
