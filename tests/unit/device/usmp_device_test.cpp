#include "device/usmp_device.h"
#include "unit/device/device_pair.h"

#include <gtest/gtest.h>

namespace gatehouse::test {

namespace {

device::usmp_release const& newest()
{
    return device::usmp_release_of(usmp::r1_2);
}

class usmp_device_of_release : public testing::TestWithParam<device::usmp_release> {
protected:
    device_pair pair{usual_settings(GetParam()), world_for(GetParam())};
};

TEST_P(usmp_device_of_release, is_let_in)
{
    pair.shake_hands();
    ASSERT_FALSE(pair.device.failure);
    ASSERT_TRUE(pair.device.get().established());
    EXPECT_TRUE(pair.gateway.get().facts().authenticated);
    auto const generation = GetParam().name == "1.1" ? "1.2" : GetParam().name;
    EXPECT_EQ(pair.gateway.get().facts().generation, generation);
    EXPECT_EQ(pair.device.get().channel()->id().get().size(), GetParam().how->session_id_size);
}

TEST_P(usmp_device_of_release, moves_messages_of_every_size_both_ways)
{
    pair.shake_hands();
    auto const frame = std::size_t{GetParam().how->max_plaintext};
    auto const limit = GetParam().how->message_limit();
    for (auto const size : {std::size_t{0}, std::size_t{1}, frame - 1, frame, frame + 1, limit}) {
        if (size > limit)
            continue;
        auto const message = pattern_bytes(size);
        ASSERT_TRUE(pair.device.send(message));
        pair.gateway.send(message);
        pair.talk();
        ASSERT_EQ(pair.gateway.up.size(), 1U);
        ASSERT_EQ(pair.device.up.size(), 1U);
        EXPECT_EQ(pair.gateway.up.front(), message);
        EXPECT_EQ(pair.device.up.front(), message);
        pair.gateway.up.clear();
        pair.device.up.clear();
    }
    EXPECT_EQ(pair.device.send(pattern_bytes(limit + 1)).error(), error::limit_message_size);
    EXPECT_TRUE(pair.device.send(pattern_bytes(1)));
}

TEST_P(usmp_device_of_release, pings_and_says_goodbye)
{
    pair.shake_hands();
    ASSERT_TRUE(pair.device.ping());
    pair.talk();
    EXPECT_EQ(pair.device.get().channel()->pongs(), 1U);
    ASSERT_TRUE(pair.device.bye());
    EXPECT_EQ(pair.device.send(pattern_bytes(1)).error(), error::internal_closed);
    pair.talk();
    EXPECT_EQ(pair.gateway.get().ended(), end_reason::bye);
}

TEST_P(usmp_device_of_release, hears_the_gateways_goodbye)
{
    pair.shake_hands();
    pair.gateway.send(pattern_bytes(3));
    pair.gateway.end();
    pair.talk();
    EXPECT_EQ(pair.device.up.size(), 1U);
    EXPECT_TRUE(pair.device.get().dismissed());
    EXPECT_FALSE(pair.device.failure);
}

TEST_P(usmp_device_of_release, takes_bytes_one_by_one)
{
    pair.device.start();
    while (!pair.device.wire.empty()) {
        pair.gateway.feed_bytewise(pair.device.wire.front());
        pair.device.wire.pop_front();
        for (auto const& frame : pair.gateway.wire)
            for (auto const& byte : frame)
                pair.device.feed({&byte, 1});
        pair.gateway.wire.clear();
    }
    EXPECT_TRUE(pair.device.get().established());
}

TEST_P(usmp_device_of_release, rekeys_only_when_it_can)
{
    pair.shake_hands();
    auto const done = pair.device.rekey();
    if (!GetParam().can_rekey) {
        EXPECT_EQ(done.error(), error::malformed_type);
        return;
    }
    ASSERT_TRUE(done);
    ASSERT_TRUE(pair.device.send(pattern_bytes(9)));
    pair.talk();
    pair.gateway.send(pattern_bytes(8));
    pair.talk();
    EXPECT_EQ(pair.gateway.up.size(), 1U);
    EXPECT_EQ(pair.device.up.size(), 1U);
    EXPECT_FALSE(pair.device.failure);
}

INSTANTIATE_TEST_SUITE_P(
    every,
    usmp_device_of_release,
    testing::ValuesIn(device::usmp_releases().begin(), device::usmp_releases().end()),
    [](auto const& suite) {
        auto name = "release_" + std::string{suite.param.name};
        for (auto& c : name)
            c = c == '.' ? '_' : c;
        return name;
    }
);

TEST(usmp_device, speaks_chacha20_poly1305)
{
    auto settings = usual_settings(newest());
    settings.cipher = crypto::aead_algorithm::chacha20_poly1305;
    auto world = world_for(newest());
    world.config.cipher = settings.cipher;
    device_pair pair{settings, world};
    pair.shake_hands();
    ASSERT_TRUE(pair.device.send(pattern_bytes(100)));
    pair.talk();
    EXPECT_EQ(pair.gateway.up.size(), 1U);
}

TEST(usmp_device, may_be_a_build_with_another_label)
{
    for (auto const label : usmp::labels_0_2()) {
        auto settings = usual_settings(device::usmp_release_of(usmp::r0_2));
        settings.label = label;
        device_pair pair{settings};
        pair.shake_hands();
        ASSERT_TRUE(pair.device.send(pattern_bytes(100)));
        pair.talk();
        pair.gateway.send(pattern_bytes(50));
        pair.talk();
        EXPECT_EQ(pair.gateway.up.size(), 1U) << label;
        EXPECT_EQ(pair.device.up.size(), 1U) << label;
    }
}

TEST(usmp_device, follows_a_rekey_of_the_gateway)
{
    auto world = world_for(newest());
    world.config.frame_budget = 4;
    device_pair pair{usual_settings(newest()), world};
    pair.shake_hands();
    ASSERT_TRUE(pair.device.rekey());  // shows the gateway that it may
    pair.talk();
    for (int n = 0; n < 6; ++n) {
        ASSERT_TRUE(pair.device.send(pattern_bytes(9)));
        pair.talk();
    }
    EXPECT_EQ(pair.device.get().channel()->rekeys(), 2U);
    EXPECT_EQ(pair.gateway.up.size(), 6U);
    EXPECT_FALSE(pair.device.failure);
}

TEST(usmp_device, does_nothing_without_a_session)
{
    live_device device{usual_settings(newest())};
    EXPECT_EQ(device.send(pattern_bytes(1)).error(), error::internal_closed);
    device.start();
    EXPECT_EQ(device.get().awaits(), "CHALLENGE");
    EXPECT_EQ(device.ping().error(), error::internal_closed);
    EXPECT_EQ(device.bye().error(), error::internal_closed);
    EXPECT_EQ(device.rekey().error(), error::internal_closed);
}

// Of a frame that the gateway sent, every bit counts.
TEST(usmp_device, refuses_every_changed_byte_of_the_gateway)
{
    for (std::size_t step = 0; step < 3; ++step) {
        std::size_t size = 1;
        for (std::size_t at = 0; at < size; ++at) {
            device_pair pair{usual_settings(newest())};
            pair.device.start();
            for (std::size_t before = 0; before < step && before < 2; ++before) {
                pair.gateway.feed(pair.device.wire.front());
                pair.device.wire.pop_front();
                pair.device.feed(pair.gateway.wire.front());
                pair.gateway.wire.pop_front();
            }
            if (step == 2)
                pair.gateway.send(pattern_bytes(20));
            else
                pair.gateway.feed(pair.device.wire.front());
            auto frame = pair.gateway.wire.front();
            size = frame.size();
            frame[at] ^= 1;
            // A longer length leaves the frame unfinished.
            if (at == 8 && (frame[at] & 1) != 0)
                append(frame, pattern_bytes(1));
            if (at == 9)
                append(frame, pattern_bytes(300));
            pair.device.feed(frame);
            EXPECT_TRUE(pair.device.failure) << "step " << step << ", byte " << at;
            EXPECT_TRUE(pair.device.up.empty());
        }
    }
}

// Both devices draw the same ephemeral key, so only the gateway's proof tells them apart.
TEST(usmp_device, refuses_a_gateway_with_another_key)
{
    device_pair pair{usual_settings(newest())};
    pair.device.start();
    pair.gateway.feed(pair.device.wire.at(0));
    pair.device.feed(pair.gateway.wire.at(0));
    pair.gateway.feed(pair.device.wire.at(1));

    auto settings = usual_settings(newest());
    byte_string const other = pattern_bytes(32);
    settings.psk = other;
    live_device device{settings};
    device.start();
    device.feed(pair.gateway.wire.at(0));
    device.feed(pair.gateway.wire.at(1));
    EXPECT_EQ(device.failure, error::unproven_key);
    EXPECT_FALSE(device.get().established());
}

TEST(usmp_device, demands_the_next_sequence_number)
{
    device_pair pair{usual_settings(newest())};
    pair.shake_hands();
    pair.gateway.send(pattern_bytes(1));
    auto const first = pair.gateway.wire.at(0);
    pair.device.feed(first);
    EXPECT_EQ(pair.device.up.size(), 1U);
    pair.device.feed(first);
    EXPECT_EQ(pair.device.failure, error::unproven_replay);
}

TEST(usmp_device, notices_a_missing_frame)
{
    device_pair pair{usual_settings(newest())};
    pair.shake_hands();
    pair.gateway.send(pattern_bytes(1));
    pair.gateway.send(pattern_bytes(2));
    pair.device.feed(pair.gateway.wire.at(1));
    EXPECT_EQ(pair.device.failure, error::unproven_sequence);
}

// Eight PONGs within a second are borne; the gateway bears as many PINGs.
TEST(usmp_device, bears_a_bounded_number_of_control_frames)
{
    device_pair pair{usual_settings(newest())};
    pair.shake_hands();
    for (int n = 0; n < 8; ++n)
        ASSERT_TRUE(pair.device.ping());
    pair.talk();
    EXPECT_FALSE(pair.device.failure);
    EXPECT_EQ(pair.device.get().channel()->pongs(), 8U);
    pair.gateway.advance(std::chrono::seconds{2});
    ASSERT_TRUE(pair.device.ping());
    pair.talk();
    EXPECT_FALSE(pair.device.failure);
    EXPECT_EQ(pair.device.get().channel()->pongs(), 9U);
}

}  // namespace

}  // namespace gatehouse::test
