#include "device/usmp_datagram_device.h"
#include "unit/device/datagram_scene.h"

#include <gtest/gtest.h>

#include <chrono>

namespace gatehouse::test {

namespace {

using namespace std::chrono_literals;
using device::message_fate;
using device::usmp_datagram_habits;
using device::usmp_pace;
using usmp::frame_type;

constexpr usmp_datagram_habits esp32{
    .pace = usmp_pace::fixed,
    .frames = usmp_datagram_habits::taking::when_collected,
};

class usmp_datagram_device_of : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(
    every,
    usmp_datagram_device_of,
    testing::Values("C", "D1", "D2", "D3"),
    [](auto const& suite) { return suite.param; }
);

TEST_P(usmp_datagram_device_of, sends_hello_five_times_and_gives_up)
{
    datagram_scene with{GetParam()};
    with.device.start();
    auto const hello = with.device.next();
    auto const began = with.device.now;
    for (int n = 2; n <= 5; ++n) {
        with.device.time_out();
        EXPECT_EQ(with.device.next(), hello);
        EXPECT_EQ(with.device.now, began + (n - 1) * 500ms);
        EXPECT_FALSE(with.device.get().over());
    }
    with.device.time_out();
    EXPECT_TRUE(with.device.get().gave_up());
    EXPECT_TRUE(with.device.wire.empty());
    EXPECT_EQ(with.device.now, began + 2500ms);
    EXPECT_EQ(with.device.get().deadline(), never);
}

TEST_P(usmp_datagram_device_of, takes_a_direct_challenge)
{
    datagram_scene with{GetParam()};
    with.greet();
    EXPECT_EQ(with.device.get().awaits(), "CHALLENGE");
    EXPECT_EQ(with.device.get().deadline(), never);
    with.device.feed(with.gateway.handshake(frame_type::challenge));
    EXPECT_EQ(
        with.device.next(), with.gateway.ack_of(with.gateway.handshake(frame_type::challenge))
    );
    EXPECT_EQ(type_of(with.device.next()), frame_type::hello_ack);
    EXPECT_EQ(with.device.get().awaits(), "the acknowledgement of HELLO_ACK");
}

// The application waits for the acknowledgement first, whatever else has come.
TEST_P(usmp_datagram_device_of, keeps_a_challenge_that_overtakes_the_acknowledgement)
{
    datagram_scene with{GetParam()};
    with.device.start();
    auto const hello = with.device.next();
    auto const challenge = with.gateway.handshake(frame_type::challenge);
    with.device.feed(challenge);
    EXPECT_EQ(with.device.next(), with.gateway.ack_of(challenge));
    EXPECT_TRUE(with.device.wire.empty());
    with.device.time_out();
    EXPECT_EQ(with.device.next(), hello);
    with.device.feed(challenge);
    EXPECT_EQ(with.device.next(), with.gateway.ack_of(challenge));
    with.device.feed(with.gateway.ack_of(hello));
    EXPECT_EQ(type_of(with.device.next()), frame_type::hello_ack);
}

TEST_P(usmp_datagram_device_of, acknowledges_repeated_handshake_frames_and_does_nothing_else)
{
    datagram_scene with{GetParam()};
    with.establish();
    for (auto const type : {frame_type::challenge, frame_type::session_ok}) {
        auto const again = with.gateway.handshake(type);
        with.device.feed(again);
        EXPECT_EQ(with.device.next(), with.gateway.ack_of(again));
        EXPECT_TRUE(with.device.wire.empty());
    }
}

TEST_P(usmp_datagram_device_of, sends_one_chunk_after_the_other)
{
    datagram_scene with{GetParam()};
    with.establish();
    auto const message = pattern_bytes(1808);
    ASSERT_TRUE(with.device.send(message));
    EXPECT_TRUE(with.device.get().busy());
    EXPECT_EQ(with.device.get().last_message(), message_fate::under_way);
    for (std::uint32_t n = 0; n < 4; ++n) {
        ASSERT_EQ(with.device.wire.size(), 1U);
        auto const frame = with.acknowledge();
        EXPECT_EQ(sequence_of(frame), n);
        EXPECT_EQ(type_of(frame), n < 3 ? frame_type::data_frag : frame_type::data);
    }
    EXPECT_FALSE(with.device.get().busy());
    EXPECT_EQ(with.device.get().last_message(), message_fate::delivered);
    EXPECT_EQ(with.device.get().delivered(), 1U);
    EXPECT_EQ(with.device.send(pattern_bytes(1809)).error(), error::limit_message_size);
}

TEST_P(usmp_datagram_device_of, gives_a_message_up_with_the_session)
{
    datagram_scene with{GetParam()};
    with.establish();
    ASSERT_TRUE(with.device.send(pattern_bytes(600)));
    with.acknowledge();
    for (int n = 0; n < 5; ++n)
        with.device.time_out();
    EXPECT_TRUE(with.device.get().gave_up());
    EXPECT_FALSE(with.device.get().established());
    EXPECT_EQ(with.device.get().last_message(), message_fate::given_up);
    EXPECT_EQ(with.device.get().delivered(), 0U);
    EXPECT_EQ(with.device.get().retransmissions(), 4U);
    EXPECT_EQ(with.device.send(pattern_bytes(1)).error(), error::internal_closed);
}

TEST_P(usmp_datagram_device_of, acknowledges_a_repeated_frame_and_delivers_it_once)
{
    datagram_scene with{GetParam()};
    with.establish();
    auto const frame = with.gateway.frame(frame_type::data, pattern_bytes(20));
    with.device.feed(frame);
    auto const ack = with.device.next();
    with.device.feed(frame);
    EXPECT_EQ(with.device.next(), ack);
    EXPECT_TRUE(usmp::transport_ack::parse(ack));
    EXPECT_EQ(with.device.up.size(), 1U);
}

TEST_P(usmp_datagram_device_of, drops_what_is_not_authentic_without_a_word)
{
    datagram_scene with{GetParam()};
    with.establish();
    auto frame = with.gateway.frame(frame_type::data, pattern_bytes(20));
    frame[30] ^= 1;
    usmp::write_checksum(frame);
    with.device.feed(frame);
    with.device.feed(pattern_bytes(9));
    with.device.feed({});
    with.device.feed(bytes{frame}.first(20));
    EXPECT_TRUE(with.device.wire.empty());
    EXPECT_TRUE(with.device.up.empty());
    EXPECT_FALSE(with.device.failure);
    EXPECT_TRUE(with.device.get().established());
}

TEST_P(usmp_datagram_device_of, answers_a_ping_when_its_own_frame_has_arrived)
{
    datagram_scene with{GetParam()};
    with.establish();
    ASSERT_TRUE(with.device.send(pattern_bytes(3)));
    auto const data = with.device.next();
    auto const ping = with.gateway.frame(frame_type::ping);
    with.device.feed(ping);
    EXPECT_TRUE(usmp::transport_ack::parse(with.device.next()));
    EXPECT_TRUE(with.device.wire.empty());
    with.device.feed(with.gateway.ack_of(data));
    EXPECT_EQ(type_of(with.device.next()), frame_type::pong);
}

TEST_P(usmp_datagram_device_of, says_goodbye_behind_what_is_on_its_way)
{
    datagram_scene with{GetParam()};
    with.establish();
    ASSERT_TRUE(with.device.send(pattern_bytes(3)));
    ASSERT_TRUE(with.device.bye());
    EXPECT_EQ(with.device.ping().error(), error::internal_closed);
    EXPECT_EQ(type_of(with.acknowledge()), frame_type::data);
    EXPECT_FALSE(with.device.get().over());
    EXPECT_EQ(type_of(with.acknowledge()), frame_type::bye);
    EXPECT_TRUE(with.device.get().over());
    EXPECT_FALSE(with.device.get().gave_up());
}

TEST_P(usmp_datagram_device_of, hears_the_gateways_goodbye)
{
    datagram_scene with{GetParam()};
    with.establish();
    with.device.feed(with.gateway.frame(frame_type::bye));
    EXPECT_TRUE(usmp::transport_ack::parse(with.device.next()));
    EXPECT_TRUE(with.device.get().dismissed());
}

TEST_P(usmp_datagram_device_of, fails_on_a_gateway_without_its_key)
{
    datagram_scene with{GetParam()};
    with.be_challenged();
    with.acknowledge();
    auto session_ok = with.gateway.handshake(frame_type::session_ok);
    session_ok.back() ^= 1;
    usmp::write_checksum(session_ok);
    with.device.feed(session_ok);
    EXPECT_EQ(with.device.failure, error::unproven_key);
}

// One frame at most waits until the application looks.
TEST_P(usmp_datagram_device_of, may_acknowledge_only_when_its_application_collects)
{
    datagram_scene with{GetParam(), esp32};
    with.establish();
    auto const first = with.gateway.frame(frame_type::data, pattern_bytes(1));
    auto const second = with.gateway.frame(frame_type::data, pattern_bytes(2));
    with.device.feed(first);
    with.device.feed(second);
    EXPECT_TRUE(with.device.wire.empty());
    ASSERT_TRUE(with.device.send(pattern_bytes(3)));
    auto const own = with.device.next();
    with.device.collect();
    EXPECT_TRUE(with.device.wire.empty());
    with.device.feed(with.gateway.ack_of(own));
    EXPECT_TRUE(with.device.wire.empty());
    with.device.collect();
    EXPECT_TRUE(usmp::transport_ack::parse(with.device.next()));
    ASSERT_EQ(with.device.up.size(), 1U);
    EXPECT_EQ(with.device.up.front(), pattern_bytes(1));
    with.device.collect();
    EXPECT_TRUE(with.device.wire.empty());
}

TEST(usmp_datagram_device, does_nothing_without_a_session)
{
    datagram_scene with{"D3"};
    EXPECT_EQ(with.device.get().awaits(), "nothing");
    EXPECT_EQ(with.device.send(pattern_bytes(1)).error(), error::internal_closed);
    with.device.start();
    EXPECT_EQ(with.device.ping().error(), error::internal_closed);
    EXPECT_EQ(with.device.rekey().error(), error::internal_closed);
    EXPECT_EQ(with.device.bye().error(), error::internal_closed);
}

TEST(usmp_datagram_device, fails_on_a_retry_that_its_release_does_not_know)
{
    for (auto const* generation : {"C", "D1"}) {
        datagram_scene with{generation};
        with.greet();
        byte_string retry(28);
        usmp::write_header(
            {.version = with.vectors.version, .type = frame_type::hello_retry, .length = 16}, retry
        );
        usmp::write_checksum(retry);
        with.device.feed(retry);
        EXPECT_EQ(with.device.failure, error::malformed_type);
        EXPECT_TRUE(with.device.wire.empty());
    }
}

// Until 1.1 both HELLOs have the number 0, so an acknowledgement of the first may pass for one of
// the second.
TEST(usmp_datagram_device, numbers_its_second_hello_from_1_1_on)
{
    for (auto const* generation : {"D2", "D3"}) {
        datagram_scene with{generation};
        with.greet();
        auto const retry = with.gateway.handshake(frame_type::hello_retry);
        with.device.feed(retry);
        EXPECT_EQ(with.device.next(), with.gateway.ack_of(retry));
        auto const second = with.device.next();
        EXPECT_EQ(second.size(), 66U);
        EXPECT_EQ(sequence_of(second), generation == std::string_view{"D3"} ? 1U : 0U);
        with.device.feed(retry);
        EXPECT_EQ(with.device.next(), with.gateway.ack_of(retry));
        EXPECT_TRUE(with.device.wire.empty());
    }
}

TEST(usmp_datagram_device, demands_the_proof_of_an_acknowledgement)
{
    for (auto const* generation : {"D2", "D3"}) {
        datagram_scene with{generation};
        with.establish();
        ASSERT_TRUE(with.device.send(pattern_bytes(3)));
        auto const frame = with.device.next();
        auto ack = with.gateway.ack_of(frame);
        with.device.feed(bytes{ack}.first(usmp::ack_size));
        ack.back() ^= 1;
        with.device.feed(ack);
        EXPECT_TRUE(with.device.get().busy());
        with.device.feed(with.gateway.ack_of(frame));
        EXPECT_FALSE(with.device.get().busy());
    }
}

TEST(usmp_datagram_device, looks_at_seven_bytes_of_an_acknowledgement_before_0_6)
{
    for (auto const* generation : {"C", "D1"}) {
        for (std::size_t more : {0U, 1U, 8U, 40U}) {
            datagram_scene with{generation};
            with.establish();
            ASSERT_TRUE(with.device.send(pattern_bytes(3)));
            auto ack = with.gateway.ack_of(with.device.next());
            append(ack, pattern_bytes(more));
            with.device.feed(ack);
            EXPECT_EQ(with.device.get().last_message(), message_fate::delivered);
        }
    }
}

// The newest releases wait as long as the round trips suggest, but on ESP32.
TEST(usmp_datagram_device, doubles_its_patience_when_its_pace_is_measured)
{
    EXPECT_EQ(device::usual_habits(settings_of(load_vectors("D2")).release).pace, usmp_pace::fixed);
    datagram_scene with{"D3", {.pace = usmp_pace::measured}};
    with.establish();
    for (int n = 0; n < 20; ++n) {
        ASSERT_TRUE(with.device.send(pattern_bytes(1)));
        with.device.now += 40ms;
        with.acknowledge();
    }
    ASSERT_TRUE(with.device.send(pattern_bytes(1)));
    auto const began = with.device.now;
    auto wait = with.device.get().deadline() - began;
    EXPECT_GE(wait, 100ms);
    EXPECT_LT(wait, 300ms);
    for (int n = 2; n <= 5; ++n) {
        with.device.time_out();
        wait *= 2;
        EXPECT_EQ(with.device.get().deadline() - with.device.now, wait);
    }
    with.device.time_out();
    EXPECT_TRUE(with.device.get().gave_up());
}

}  // namespace

}  // namespace gatehouse::test
