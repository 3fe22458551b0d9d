// The handshake over datagrams, and every fault at every step of a whole life.
#include "protocol/usmp/datagram_session.h"
#include "support/datagram_faults.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

class datagram_session_test : public testing::TestWithParam<wire_generation> {
protected:
    bool is_proven() const { return GetParam() >= wire_generation::d2; }

    datagram_talk talk{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    datagram_session_test,
    testing::ValuesIn(datagram_generations),
    [](auto const& instance) { return name_of(instance.param); }
);

// Everything that a generation can do.
void live(datagram_talk& talk)
{
    talk.shake_hands();
    talk.deliver("one");
    talk.send("two");
    talk.hear(wire_type::data, text_bytes("two"));
    talk.expect_ack(talk.say(wire_type::ping));
    talk.hear(wire_type::pong);
    talk.advance(20s);
    talk.deliver(pattern_bytes(500));
    talk.send(pattern_bytes(500));
    talk.hear(wire_type::data_frag, copy_of(bytes{pattern_bytes(500)}.first(452)));
    talk.hear(wire_type::data, copy_of(bytes{pattern_bytes(500)}.subspan(452)));
    if (talk.device.generation() == wire_generation::d3) {
        talk.expect_ack(talk.rekey());
        talk.deliver("under the new key");
        talk.send("down");
        talk.hear(wire_type::data, text_bytes("down"));
    }
    talk.deliver("");
    talk.expect_silence();
    talk.expect_ack(talk.say(wire_type::bye));
}

TEST_P(datagram_session_test, a_whole_life)
{
    live(talk);
    EXPECT_EQ(talk.session.get().ended(), end_reason::bye);
    EXPECT_TRUE(talk.session.wire.empty());
    EXPECT_TRUE(talk.session.undelivered.empty());
    EXPECT_EQ(talk.session.retransmitted, 0U);
}

TEST_P(datagram_session_test, fails_at_every_step)
{
    live(talk);
    ASSERT_FALSE(HasFailure());
    fails_at_every_step(talk.made);
}

// --- the handshake ----------------------------------------------------------------------------

TEST_P(datagram_session_test, the_facts_are_only_claimed_before_the_proof)
{
    talk.hello();
    auto facts = talk.session.get().facts();
    EXPECT_FALSE(facts.authenticated);
    EXPECT_EQ(facts.device.text(), usual_mac);
    EXPECT_TRUE(talk.session.get().expects_unnamed());
    talk.lose();
    talk.feed(talk.expect_frame(wire_type::challenge));
    talk.hello_ack();
    facts = talk.session.get().facts();
    EXPECT_TRUE(facts.authenticated);
    EXPECT_EQ(facts.device.text(), usual_mac);
    EXPECT_EQ(facts.id.value(), talk.made.world.first_id);
    EXPECT_EQ(facts.credential, 0U);
    auto const* const name = GetParam() == wire_generation::c    ? "0.4.7"
                             : GetParam() == wire_generation::d1 ? "0.5"
                             : GetParam() == wire_generation::d2 ? "1.0"
                                                                 : "1.2";
    EXPECT_EQ(facts.generation, name);
}

TEST_P(datagram_session_test, challenge_is_repeated_until_it_is_acknowledged)
{
    talk.expect_ack(talk.hello());
    auto const challenge = talk.lose();
    talk.advance(499ms);
    talk.expect_silence();
    talk.advance(1ms);
    talk.expect_wire(challenge);
    talk.advance(1s);
    talk.feed(talk.expect_frame(wire_type::challenge));
    EXPECT_TRUE(talk.session.was_ours);
    EXPECT_EQ(talk.session.retransmitted, 2U);
    talk.advance(5s);
    talk.expect_silence();
}

TEST_P(datagram_session_test, challenge_is_repeated_four_times)
{
    auto setup = usmp_world_setup{};
    setup.handshake_time = 30s;
    datagram_talk patient{GetParam(), setup};
    patient.expect_ack(patient.hello());
    auto const challenge = patient.lose();
    patient.advance(29s);
    for (int i = 0; i < 4; ++i)
        patient.expect_wire(challenge);
    patient.expect_silence();
    // The device may still come.
    ASSERT_TRUE(patient.device.take_challenge(challenge));
    patient.expect_ack(patient.hello_ack());
    patient.expect_frame(wire_type::session_ok);
}

TEST_P(datagram_session_test, the_proof_acknowledges_the_challenge)
{
    talk.expect_ack(talk.hello());
    talk.expect_frame(wire_type::challenge);
    talk.expect_ack(talk.hello_ack());
    talk.feed(talk.expect_frame(wire_type::session_ok));
    talk.advance(9s);
    talk.expect_silence();
}

TEST_P(datagram_session_test, session_ok_is_repeated_until_it_is_acknowledged)
{
    talk.expect_ack(talk.hello());
    talk.feed(talk.expect_frame(wire_type::challenge));
    talk.expect_ack(talk.hello_ack());
    auto const answer = talk.lose();
    talk.advance(talk.session.get().deadline() - talk.session.now());
    talk.expect_wire(answer);
    talk.advance(talk.session.get().deadline() - talk.session.now());
    talk.feed(talk.expect_frame(wire_type::session_ok));
    EXPECT_TRUE(talk.session.was_ours);
    talk.advance(30s);
    talk.expect_silence();
}

TEST_P(datagram_session_test, any_frame_of_the_device_acknowledges_session_ok)
{
    talk.expect_ack(talk.hello());
    talk.feed(talk.expect_frame(wire_type::challenge));
    talk.expect_ack(talk.hello_ack());
    talk.expect_frame(wire_type::session_ok);
    EXPECT_TRUE(talk.session.get().expects_unnamed());
    talk.deliver("m");
    EXPECT_FALSE(talk.session.get().expects_unnamed());
    talk.advance(30s);
    talk.expect_silence();
}

TEST_P(datagram_session_test, a_repeated_hello_is_acknowledged_again)
{
    auto const hello = talk.hello();
    talk.expect_ack(hello);
    auto const challenge = talk.lose();
    for (int i = 0; i < 3; ++i) {
        talk.feed(hello);
        EXPECT_TRUE(talk.session.was_ours);
        talk.expect_ack(hello);
        talk.expect_silence();
    }
    ASSERT_TRUE(talk.device.take_challenge(challenge));
    talk.expect_ack(talk.hello_ack());
    talk.feed(talk.expect_frame(wire_type::session_ok));
    talk.feed(hello);
    talk.expect_ack(hello);
    talk.expect_silence();
}

TEST_P(datagram_session_test, a_repeated_proof_is_acknowledged_again)
{
    talk.expect_ack(talk.hello());
    talk.feed(talk.expect_frame(wire_type::challenge));
    auto const proof = talk.hello_ack();
    talk.expect_ack(proof);
    auto const answer = talk.lose();
    for (int i = 0; i < 3; ++i) {
        talk.feed(proof);
        EXPECT_TRUE(talk.session.was_ours);
        talk.expect_ack(proof);
        talk.expect_silence();
    }
    ASSERT_TRUE(talk.device.take_session_ok(answer));
    talk.feed(talk.device.ack_of(answer));
    talk.feed(proof);
    talk.expect_ack(proof);
    talk.deliver("m");
}

TEST_P(datagram_session_test, the_handshake_is_forgotten_after_a_while)
{
    talk.expect_ack(talk.hello());
    talk.feed(talk.expect_frame(wire_type::challenge));
    auto const proof = talk.hello_ack();
    talk.expect_ack(proof);
    talk.feed(talk.expect_frame(wire_type::session_ok));
    EXPECT_TRUE(talk.session.get().expects_unnamed());
    talk.advance(15s);
    EXPECT_FALSE(talk.session.get().expects_unnamed());
    talk.feed(proof);
    EXPECT_FALSE(talk.session.was_ours);
    talk.expect_silence();
}

TEST_P(datagram_session_test, another_hello_is_not_for_this_session)
{
    auto const expect_other = [&] {
        auto other = usual_device(GetParam());
        other.private_key = pattern_bytes(32, 99);
        talk.feed(reference_device{other}.hello());
        EXPECT_FALSE(talk.session.was_ours);
        EXPECT_FALSE(talk.session.refused);
        talk.expect_silence();
    };
    talk.hello();
    talk.lose();
    auto const challenge = talk.lose();
    expect_other();
    ASSERT_TRUE(talk.device.take_challenge(challenge));
    talk.hello_ack();
    talk.lose();
    auto const answer = talk.lose();
    expect_other();
    ASSERT_TRUE(talk.device.take_session_ok(answer));
    talk.deliver("m");
    expect_other();
}

TEST_P(datagram_session_test, a_wrong_proof_is_not_acknowledged_and_decides_nothing)
{
    talk.expect_ack(talk.hello());
    auto const ack_of_challenge = talk.expect_frame(wire_type::challenge);
    for (std::uint8_t i = 0; i < 3; ++i) {
        talk.feed(reference_device::frame(
            talk.device.hello()[2], wire_type::hello_ack, 0, pattern_bytes(32, i)
        ));
        talk.expect_refused(error::unproven_key);
        talk.expect_silence();
    }
    // The challenge is not acknowledged by it either.
    talk.advance(500ms);
    talk.lose();
    talk.feed(ack_of_challenge);
    talk.expect_ack(talk.hello_ack());
    talk.expect_frame(wire_type::session_ok);
    talk.deliver("m");
}

TEST_P(datagram_session_test, wrong_proofs_are_judged_four_times)
{
    talk.expect_ack(talk.hello());
    talk.expect_frame(wire_type::challenge);
    for (std::uint8_t i = 0; i < 10; ++i) {
        talk.feed(reference_device::frame(
            talk.device.hello()[2], wire_type::hello_ack, 0, pattern_bytes(32, i)
        ));
        EXPECT_EQ(talk.session.refused.has_value(), i < 4) << int{i};
    }
    EXPECT_FALSE(talk.session.get().facts().authenticated);
    talk.expect_failure(error::limit_handshake_time);
}

TEST_P(datagram_session_test, a_device_that_is_not_enrolled_gets_the_same_answers)
{
    auto setup = usmp_world_setup{};
    setup.devices = {{"02:00:00:00:00:99", {{usual_psk()}}}};
    datagram_talk stranger{GetParam(), setup};
    stranger.expect_ack(stranger.hello());
    stranger.feed(stranger.expect_frame(wire_type::challenge));
    stranger.hello_ack();
    stranger.expect_refused(error::unproven_device);
    stranger.expect_failure(error::limit_handshake_time);
}

TEST_P(datagram_session_test, who_proved_itself_and_may_not_come_in_is_done)
{
    auto setup = usmp_world_setup{};
    setup.devices = {{usual_mac, {{usual_psk(), {setup.wall_now - 2h, setup.wall_now - 1h}}}}};
    datagram_talk late{GetParam(), setup};
    late.hello();
    late.lose();
    late.feed(late.expect_frame(wire_type::challenge));
    late.hello_ack();
    late.expect_refused(error::unproven_expired_key);
    EXPECT_EQ(late.session.get().ended(), end_reason::protocol);
    EXPECT_TRUE(late.session.wire.empty());
    EXPECT_FALSE(late.session.get().facts().authenticated);
}

TEST(datagram_session_generations, v0_2_and_0_3_are_refused)
{
    for (auto const generation : {wire_generation::a, wire_generation::b}) {
        datagram_talk old{generation};
        old.hello();
        old.lose();
        old.feed(old.expect_frame(wire_type::challenge));
        old.hello_ack();
        old.expect_refused(error::incompatible_generation);
        EXPECT_EQ(old.session.get().ended(), end_reason::protocol);
        EXPECT_FALSE(old.session.get().facts().authenticated);
        EXPECT_EQ(old.session.get().facts().generation, "0.2");
    }
}

TEST(datagram_session_generations, those_before_0_6_by_setting)
{
    auto setup = usmp_world_setup{};
    setup.config.admit_v1_bound = false;
    datagram_talk refused{wire_generation::c, setup};
    refused.hello();
    refused.expect_refused(error::incompatible_version);
}

TEST_P(datagram_session_test, the_handshake_has_its_time)
{
    talk.advance(9'999ms);
    talk.expect_silence();
    talk.advance(1ms);
    EXPECT_EQ(talk.session.failure, error::limit_handshake_time);

    datagram_talk slow{GetParam()};
    slow.advance(9s);
    slow.expect_ack(slow.hello());
    slow.feed(slow.expect_frame(wire_type::challenge));
    slow.advance(1s);
    EXPECT_EQ(slow.session.failure, error::limit_handshake_time);
}

TEST_P(datagram_session_test, the_handshake_time_is_over_with_the_proof)
{
    talk.shake_hands();
    talk.advance(11s);
    talk.expect_silence();
    talk.deliver("m");
}

TEST_P(datagram_session_test, frames_before_the_session_are_for_nobody)
{
    auto const early = reference_device::frame(2, wire_type::data, 0, pattern_bytes(60));
    talk.session.feed_unseen(early);
    EXPECT_FALSE(talk.session.was_ours);
    talk.hello();
    talk.session.feed_unseen(early);
    EXPECT_FALSE(talk.session.was_ours);
    for (auto const type : {wire_type::challenge, wire_type::session_ok, wire_type::hello_retry}) {
        talk.session.feed_unseen(reference_device::frame(2, type, 0, pattern_bytes(48)));
        EXPECT_FALSE(talk.session.was_ours);
    }
    EXPECT_EQ(talk.session.wire.size(), 2U);
}

TEST_P(datagram_session_test, what_the_gateway_says_is_taken_only_from_a_gateway)
{
    talk.shake_hands();
    for (auto const type : {wire_type::challenge, wire_type::session_ok, wire_type::hello_retry}) {
        talk.session.feed_unseen(
            reference_device::frame(talk.device.hello()[2], type, 0, pattern_bytes(48))
        );
        EXPECT_FALSE(talk.session.was_ours);
    }
    talk.expect_silence();
}

TEST_P(datagram_session_test, the_backend_has_no_business_with_a_handshake)
{
    talk.send("m");
    EXPECT_EQ(talk.session.refused, error::internal_closed);
    talk.hello();
    talk.session.wire.clear();
    talk.send("m");
    EXPECT_EQ(talk.session.refused, error::internal_closed);
    talk.session.end();
    talk.session.taken_over(3);
    talk.session.give_up_messages();
    EXPECT_TRUE(talk.session.wire.empty());
    EXPECT_TRUE(talk.session.undelivered.empty());
}

TEST_P(datagram_session_test, the_hello_with_a_cookie_is_a_hello)
{
    auto const hello = talk.device.hello(pattern_bytes(16));
    talk.feed(hello);
    talk.expect_wire(transport_ack_of(hello));
    talk.feed(talk.expect_frame(wire_type::challenge));
    talk.expect_ack(talk.hello_ack());
    talk.feed(talk.expect_frame(wire_type::session_ok));
    talk.deliver("m");
}

}  // namespace
}  // namespace gatehouse::test
