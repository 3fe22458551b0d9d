// What is not acknowledged is sent again, and what counts as an acknowledgement.
#include "unit/protocol/usmp/scripted_peer.h"

#include <gtest/gtest.h>

#include <cstddef>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::frame_type;

TEST_P(outbox, repeats_what_is_not_acknowledged)
{
    peer.post("m");
    auto const frame = peer.expect(frame_type::data, "m");
    for (auto const after : {500ms, 1000ms, 2000ms, 4000ms}) {
        peer.wait(after - 1ns);
        peer.expect_silence();
        peer.wait(1ns);
        peer.expect_again(frame);
    }
    EXPECT_EQ(peer.retransmitted, 4U);
    EXPECT_TRUE(peer.ack(frame));
    peer.wait(1h);
    peer.expect_silence();
}

TEST_P(outbox, gives_a_message_up_after_five_transmissions)
{
    peer.post("m");
    peer.wait(12'499ms);
    EXPECT_EQ(peer.sent.size(), 5U);
    EXPECT_TRUE(peer.undelivered.empty());
    peer.sent.clear();
    peer.wait(1ms);
    peer.expect_undelivered(1, "m");
    EXPECT_EQ(peer.box->backlog(), 0U);
    peer.wait(1h);
    peer.expect_silence();
    EXPECT_EQ(peer.box->deadline(), never);
}

TEST_P(outbox, but_not_before_twelve_seconds)
{
    peer.measure(1ms);
    peer.post("m");
    peer.wait(11'999ms);
    EXPECT_EQ(peer.sent.size(), 5U);
    EXPECT_TRUE(peer.undelivered.empty());
    peer.wait(1ms);
    peer.expect_undelivered(1, "m");
}

TEST_P(outbox, an_acknowledgement_counts_until_the_end)
{
    peer.post("m");
    auto const frame = peer.expect(frame_type::data, "m");
    peer.wait(12'499ms);
    EXPECT_TRUE(peer.ack(frame));
    peer.sent.clear();
    peer.wait(1h);
    peer.expect_silence();
}

TEST_P(outbox, learns_how_long_an_acknowledgement_takes)
{
    peer.post("m");
    peer.now += 400ms;
    peer.ack(peer.expect(frame_type::data, "m"));
    EXPECT_EQ(peer.measured.timeout(1), 725ms);
    peer.post("repeated");
    peer.wait(725ms);
    peer.ack(*peer.next());
    EXPECT_EQ(peer.measured.timeout(1), 725ms) << "nobody knows which one it is for";
}

TEST_P(outbox, an_acknowledgement_names_the_frame_that_is_out)
{
    peer.post("m");
    auto const frame = peer.expect(frame_type::data, "m");
    auto wrong = frame;
    wrong.sequence = 1;
    EXPECT_FALSE(peer.ack(wrong));
    wrong = frame;
    wrong.type = frame_type::data_frag;
    EXPECT_FALSE(peer.ack(wrong));
    EXPECT_TRUE(peer.box->awaits_ack());
    EXPECT_TRUE(peer.ack(frame));
    EXPECT_FALSE(peer.ack(frame)) << "once";
}

TEST_P(outbox, an_acknowledgement_proves_itself_from_0_6_on)
{
    peer.post("m");
    auto const frame = peer.expect(frame_type::data, "m");
    auto said = peer.ack_of(frame);
    if (strict()) {
        said.mac = usmp::ack_mac{};
        EXPECT_TRUE(peer.ack(said)) << "what stands behind seven bytes does not count";
        return;
    }
    for (std::size_t i = 0; i < usmp::ack_mac_size; ++i) {
        auto wrong = said;
        wrong.mac->at(i) ^= 0x10;
        EXPECT_FALSE(peer.ack(wrong));
    }
    auto const without = usmp::transport_ack{said.what, {}};
    EXPECT_FALSE(peer.ack(without));
    EXPECT_TRUE(peer.ack(said));
}

}  // namespace
}  // namespace gatehouse::test
