#include "device/usmp_datagram_channel.h"
#include "unit/device/datagram_scene.h"

#include <gtest/gtest.h>

namespace gatehouse::test {

namespace {

using device::message_fate;
using usmp::frame_type;

TEST(usmp_datagram_channel, takes_frames_in_any_order_within_its_window_from_0_6_on)
{
    datagram_scene with{"D2"};
    with.establish();
    for (std::uint32_t const sequence : {70U, 7U, 6U, 69U, 7U})
        with.device.feed(with.gateway.frame_at(sequence, frame_type::data, pattern_bytes(1)));
    EXPECT_EQ(with.device.up.size(), 3U);    // 6 is behind the window, 7 came twice
    EXPECT_EQ(with.device.wire.size(), 4U);  // the second 7 is acknowledged again
    EXPECT_EQ(with.device.get().channel()->dropped(), 1U);
}

TEST(usmp_datagram_channel, takes_the_next_frame_only_before_0_6)
{
    datagram_scene with{"D1"};
    with.establish();
    for (std::uint32_t const sequence : {1U, 0U, 2U, 0U, 1U})
        with.device.feed(with.gateway.frame_at(sequence, frame_type::data, pattern_bytes(1)));
    EXPECT_EQ(with.device.up.size(), 2U);
    EXPECT_EQ(with.device.wire.size(), 3U);
    EXPECT_EQ(with.device.get().channel()->dropped(), 2U);
}

TEST(usmp_datagram_channel, forgets_chunks_when_another_frame_comes_between)
{
    datagram_scene with{"D3"};
    with.establish();
    with.device.feed(with.gateway.frame(frame_type::data_frag, pattern_bytes(452)));
    with.device.feed(with.gateway.frame(frame_type::ping));
    with.device.feed(with.gateway.frame(frame_type::data, pattern_bytes(5)));
    ASSERT_EQ(with.device.up.size(), 1U);
    EXPECT_EQ(with.device.up.front(), pattern_bytes(5));
}

TEST(usmp_datagram_channel, fails_when_control_frames_flood_it)
{
    datagram_scene with{"D3"};
    with.establish();
    for (int n = 0; n < 8; ++n)
        with.device.feed(with.gateway.frame(frame_type::pong));
    EXPECT_FALSE(with.device.failure);
    EXPECT_EQ(with.device.get().channel()->pongs(), 8U);
    with.device.feed(with.gateway.frame(frame_type::pong));
    EXPECT_EQ(with.device.failure, error::limit_control_frames);
}

TEST(usmp_datagram_channel, changes_its_keys_when_its_rekey_has_arrived)
{
    datagram_scene with{"D3"};
    with.establish();
    ASSERT_TRUE(with.device.rekey());
    auto const rekey = with.device.next();
    auto const ack = with.gateway.ack_of(rekey);
    with.gateway.follow(rekey);
    auto const early = with.gateway.frame(frame_type::data, pattern_bytes(1));
    with.device.feed(early);
    EXPECT_TRUE(with.device.up.empty());
    EXPECT_TRUE(with.device.wire.empty());
    with.device.feed(ack);
    EXPECT_EQ(with.device.get().channel()->rekeys(), 1U);
    with.device.feed(early);
    EXPECT_EQ(with.device.up.size(), 1U);
    with.device.next();
    ASSERT_TRUE(with.device.send(pattern_bytes(2)));
    EXPECT_EQ(sequence_of(with.acknowledge()), 0U);
    EXPECT_EQ(with.device.get().last_message(), message_fate::delivered);
}

TEST(usmp_datagram_channel, follows_the_gateways_rekey_behind_its_own_message)
{
    datagram_scene with{"D3"};
    with.establish();
    ASSERT_TRUE(with.device.send(pattern_bytes(600)));
    auto const first = with.device.next();
    auto const first_ack = with.gateway.ack_of(first);
    auto second_ack = first_ack;
    {
        recorded_gateway before{with.vectors};
        byte_string second = first;
        usmp::write_header(
            {.version = 2, .type = frame_type::data, .sequence = 1, .length = 0}, second
        );
        second_ack = before.ack_of(second);
    }
    auto const rekey = with.gateway.rekey();
    with.device.feed(rekey);
    EXPECT_TRUE(with.device.wire.empty());
    with.device.feed(first_ack);
    EXPECT_EQ(sequence_of(with.device.next()), 1U);
    with.device.feed(second_ack);
    EXPECT_TRUE(usmp::transport_ack::parse(with.device.next()));  // of the REKEY
    EXPECT_EQ(with.device.get().channel()->rekeys(), 1U);
    with.device.feed(with.gateway.frame(frame_type::data, pattern_bytes(4)));
    EXPECT_EQ(with.device.up.size(), 1U);
    with.device.next();
    ASSERT_TRUE(with.device.send(pattern_bytes(2)));
    EXPECT_EQ(sequence_of(with.acknowledge()), 0U);
    EXPECT_FALSE(with.device.get().busy());
    // Nobody can read the REKEY any more.
    with.device.feed(rekey);
    EXPECT_TRUE(with.device.wire.empty());
}

TEST(usmp_datagram_channel, cannot_rekey_before_1_2)
{
    datagram_scene with{"D2"};
    with.establish();
    EXPECT_EQ(with.device.rekey().error(), error::malformed_type);
    with.device.feed(with.gateway.rekey());
    EXPECT_TRUE(with.device.wire.empty());
}

}  // namespace

}  // namespace gatehouse::test
