// Each frame of the device counts once, wherever in the row it comes.
#include "unit/protocol/usmp/datagram_established_fixture.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

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

}  // namespace
}  // namespace gatehouse::test
