// What is not acknowledged is sent again, and what counts as an acknowledgement.
#include "unit/protocol/usmp/post_office.h"

#include <gtest/gtest.h>

#include <cstddef>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::frame_type;

TEST_P(outbox, repeats_what_is_not_acknowledged)
{
    office.post("m");
    auto const frame = office.expect(frame_type::data, "m");
    for (auto const after : {500ms, 1000ms, 2000ms, 4000ms}) {
        office.wait(after - 1ns);
        office.expect_silence();
        office.wait(1ns);
        office.expect_again(frame);
    }
    EXPECT_EQ(office.retransmitted, 4U);
    EXPECT_TRUE(office.ack(frame));
    office.wait(1h);
    office.expect_silence();
}

TEST_P(outbox, gives_a_message_up_after_five_transmissions)
{
    office.post("m");
    office.wait(12'499ms);
    EXPECT_EQ(office.sent.size(), 5U);
    EXPECT_TRUE(office.undelivered.empty());
    office.sent.clear();
    office.wait(1ms);
    office.expect_undelivered(1, "m");
    EXPECT_EQ(office.box->backlog(), 0U);
    office.wait(1h);
    office.expect_silence();
    EXPECT_EQ(office.box->deadline(), never);
}

TEST_P(outbox, but_not_before_twelve_seconds)
{
    office.measure(1ms);
    office.post("m");
    office.wait(11'999ms);
    EXPECT_EQ(office.sent.size(), 5U);
    EXPECT_TRUE(office.undelivered.empty());
    office.wait(1ms);
    office.expect_undelivered(1, "m");
}

TEST_P(outbox, an_acknowledgement_counts_until_the_end)
{
    office.post("m");
    auto const frame = office.expect(frame_type::data, "m");
    office.wait(12'499ms);
    EXPECT_TRUE(office.ack(frame));
    office.sent.clear();
    office.wait(1h);
    office.expect_silence();
}

TEST_P(outbox, learns_how_long_an_acknowledgement_takes)
{
    office.post("m");
    office.now += 400ms;
    office.ack(office.expect(frame_type::data, "m"));
    EXPECT_EQ(office.measured.timeout(1), 725ms);
    office.post("repeated");
    office.wait(725ms);
    office.ack(*office.next());
    EXPECT_EQ(office.measured.timeout(1), 725ms) << "nobody knows which one it is for";
}

TEST_P(outbox, an_acknowledgement_names_the_frame_that_is_out)
{
    office.post("m");
    auto const frame = office.expect(frame_type::data, "m");
    auto wrong = frame;
    wrong.sequence = 1;
    EXPECT_FALSE(office.ack(wrong));
    wrong = frame;
    wrong.type = frame_type::data_frag;
    EXPECT_FALSE(office.ack(wrong));
    EXPECT_TRUE(office.box->awaits_ack());
    EXPECT_TRUE(office.ack(frame));
    EXPECT_FALSE(office.ack(frame)) << "once";
}

TEST_P(outbox, an_acknowledgement_proves_itself_from_0_6_on)
{
    office.post("m");
    auto const frame = office.expect(frame_type::data, "m");
    auto said = office.ack_of(frame);
    if (strict()) {
        said.mac = usmp::ack_mac{};
        EXPECT_TRUE(office.ack(said)) << "what stands behind seven bytes does not count";
        return;
    }
    for (std::size_t i = 0; i < usmp::ack_mac_size; ++i) {
        auto wrong = said;
        wrong.mac->at(i) ^= 0x10;
        EXPECT_FALSE(office.ack(wrong));
    }
    auto const without = usmp::transport_ack{said.what, {}};
    EXPECT_FALSE(office.ack(without));
    EXPECT_TRUE(office.ack(said));
}

}  // namespace
}  // namespace gatehouse::test
