// REKEY from either side, and the frame budget that makes the gateway start one.
#include "support/session_script.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

// The device never saw the gateway's REKEY.
void forget_rekey(session_script::player& on)
{
    ASSERT_EQ(on.session.wire.size(), 1U);
    EXPECT_EQ(type_of(on.session.wire.front()), wire_type::rekey);
    on.session.wire.clear();
}

void expect_due(session_script::player& on)
{
    EXPECT_FALSE(on.session.over());
    EXPECT_LE(on.session.get().deadline(), on.session.now());
}

void expect_not_due(session_script::player& on)
{
    EXPECT_GT(on.session.get().deadline(), on.session.now());
}

// D2's last releases and D3 are not told apart for good, so both may rekey.
class rekey : public testing::TestWithParam<wire_generation> {
protected:
    session_script live() const { return session_script{GetParam()}.shake_hands(); }

    // With a budget of ten frames a direction and key.
    session_script budgeted() const
    {
        usmp_world_setup world;
        world.config.frame_budget = 10;
        return session_script{world, usual_device(GetParam())}.shake_hands();
    }

    // Up to where the gateway has started a REKEY of its own, not yet taken by the device. The
    // device has sent `sent` frames (at least one, so that the gateway knows that its REKEY
    // arrived) under its present keys.
    session_script started_by_gateway(int sent) const
    {
        auto play = budgeted();
        play.rekey();
        for (int i = 0; i < sent; ++i)
            play.message("m").expect_up("m");
        for (int i = 0; i < 10; ++i)
            play.send("d").expect_wire(wire_type::data, text_bytes("d"));
        return play;
    }
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    rekey,
    testing::Values(wire_generation::d2, wire_generation::d3),
    [](auto const& instance) { return name_of(instance.param); }
);

TEST_P(rekey, by_the_device)
{
    live()
        .message("old key")
        .expect_up("old key")
        .send("old key")
        .expect_wire(wire_type::data, text_bytes("old key"))
        .rekey()
        .expect_nothing()
        .message("new key")
        .expect_up("new key")
        .send("new key")
        .expect_wire(wire_type::data, text_bytes("new key"))
        .check([](session_script::player& on) {
            EXPECT_EQ(on.device.transmit_sequence(), 1U);
            EXPECT_EQ(on.device.receive_sequence(), 1U);
        })
        .play();
}

TEST_P(rekey, by_the_device_again_and_again)
{
    auto play = live();
    for (std::uint8_t i = 0; i < 5; ++i) {
        play.rekey(pattern_bytes(32, i))
            .rekey(pattern_bytes(32, static_cast<std::uint8_t>(i + 99)));
        play.message("m").expect_up("m").advance(1s);
    }
    play.send("down").expect_wire(wire_type::data, text_bytes("down")).play();
}

TEST_P(rekey, is_a_control_frame)
{
    auto play = live();
    for (std::uint8_t i = 0; i < 8; ++i)
        play.rekey(pattern_bytes(32, i));
    play.rekey().expect_error(error::limit_control_frames).play();
}

TEST_P(rekey, the_salt_is_32_bytes)
{
    for (std::size_t const size : {0U, 1U, 31U, 33U, 64U})
        live()
            .control(wire_type::rekey, pattern_bytes(size))
            .expect_error(error::malformed_length)
            .play();
}

TEST_P(rekey, the_old_key_ends_with_the_devices_first_frame_under_the_new)
{
    auto old = std::make_shared<std::optional<reference_device>>();
    live()
        .message("0")
        .expect_up("0")
        .check([old](session_script::player& on) { *old = on.device; })
        .rekey()
        .message("new")
        .expect_up("new")
        .feed(
            "the number after REKEY under the old key",
            [old](reference_device&) {
                return (*old)->seal_as(wire_type::data, 2, text_bytes("old"));
            }
        )
        .expect_error(error::unproven_sequence)
        .play();
}

TEST_P(rekey, the_old_key_is_not_good_for_the_next_number_either)
{
    auto old = std::make_shared<std::optional<reference_device>>();
    live()
        .check([old](session_script::player& on) { *old = on.device; })
        .rekey()
        .message("new")
        .expect_up("new")
        .feed(
            "the next number under the old key",
            [old](reference_device&) {
                return (*old)->seal_as(wire_type::data, 1, text_bytes("old"));
            }
        )
        .expect_error(error::unproven_frame)
        .play();
}

TEST(rekey_generations, older_ones_have_no_rekey)
{
    for (auto const generation :
         {wire_generation::a, wire_generation::b, wire_generation::c, wire_generation::d1})
        session_script{generation}
            .shake_hands()
            .control(wire_type::rekey, pattern_bytes(32))
            .expect_error(error::malformed_type)
            .play();
}

// --- the gateway's own ------------------------------------------------------------------------

TEST_P(rekey, by_the_gateway_when_the_budget_is_used_up)
{
    started_by_gateway(1)
        .expect_wire(wire_type::rekey)
        .message("under the new key")
        .expect_up("under the new key")
        .send("under the new key")
        .expect_wire(wire_type::data, text_bytes("under the new key"))
        .play();
}

TEST_P(rekey, by_the_gateway_when_the_device_used_up_the_budget)
{
    auto play = budgeted();
    play.rekey();
    for (int i = 0; i < 10; ++i)
        play.message("m").expect_up("m");
    play.expect_wire(wire_type::rekey).message("new").expect_up("new").play();
}

TEST_P(rekey, by_the_gateway_over_and_over)
{
    auto play = budgeted();
    play.rekey();
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 10; ++i)
            play.message("m").expect_up("m");
        play.expect_wire(wire_type::rekey);
    }
    play.message("on").expect_up("on").play();
}

TEST_P(rekey, frames_on_their_way_are_still_understood)
{
    started_by_gateway(3)
        .message("sent before the device saw it")
        .expect_up("sent before the device saw it")
        .advance(4s)
        .message("and another")
        .expect_up("and another")
        .expect_wire(wire_type::rekey)
        .message("after it saw it")
        .expect_up("after it saw it")
        .play();
}

TEST_P(rekey, fragments_on_their_way_are_still_joined)
{
    started_by_gateway(1)
        .control(wire_type::data_frag, text_bytes("old "))
        .expect_wire(wire_type::rekey)
        .control(wire_type::data, text_bytes("new"))
        .expect_up("old new")
        .play();
}

TEST_P(rekey, frames_on_their_way_take_their_time)
{
    auto play = started_by_gateway(1);
    for (int i = 0; i < 5; ++i)
        play.advance(50s).message("slow").expect_up("slow");
    play.expect_wire(wire_type::rekey).message("new").expect_up("new").play();
}

// The device is slow to hear of it; meanwhile both sides use up another budget.
TEST_P(rekey, one_that_is_not_answered_is_not_repeated)
{
    auto play = started_by_gateway(1);
    for (int i = 0; i < 15; ++i)
        play.message("m").expect_up("m").send("d");
    play.expect_wire(wire_type::rekey);
    for (int i = 0; i < 15; ++i)
        play.expect_wire(wire_type::data, text_bytes("d"));
    // The answer: now the next one is due.
    play.message("new").expect_up("new").expect_wire(wire_type::rekey).play();
}

TEST_P(rekey, the_old_key_ends_with_the_first_frame_of_the_new)
{
    auto old = std::make_shared<std::optional<reference_device>>();
    started_by_gateway(3)
        .check([old](session_script::player& on) { *old = on.device; })
        .expect_wire(wire_type::rekey)
        .message("new")
        .expect_up("new")
        .feed("old", [old](reference_device&) { return (*old)->message(text_bytes("old")); })
        .expect_error(error::unproven_sequence)
        .play();
}

TEST_P(rekey, both_at_once_cannot_be_untangled)
{
    started_by_gateway(1).rekey().expect_error(error::malformed_type).check(forget_rekey).play();
}

// Nothing is lost by it: what came along with the last frame is still taken.
TEST_P(rekey, a_session_whose_device_never_rekeyed_is_spent_at_the_budget)
{
    auto play = budgeted();
    for (int i = 0; i < 9; ++i)
        play.message("m").expect_up("m");
    play.check(expect_not_due)
        .message("the tenth")
        .expect_up("the tenth")
        .check(expect_due)
        .message("what came along")
        .expect_up("what came along")
        .send("an answer")
        .expect_wire(wire_type::data, text_bytes("an answer"))
        .advance(0s)
        .expect_error(error::limit_frame_budget)
        .play();

    auto down = budgeted();
    for (int i = 0; i < 9; ++i)
        down.send("d").expect_wire(wire_type::data, text_bytes("d"));
    down.check(expect_not_due)
        .send("the tenth")
        .expect_wire(wire_type::data, text_bytes("the tenth"))
        .advance(0s)
        .expect_error(error::limit_frame_budget)
        .play();
}

TEST_P(rekey, control_frames_use_the_budget_too)
{
    auto play = budgeted();
    for (int i = 0; i < 8; ++i)
        play.control(wire_type::ping).expect_wire(wire_type::pong);
    play.advance(1s)
        .control(wire_type::ping)
        .expect_wire(wire_type::pong)
        .check(expect_not_due)
        .control(wire_type::ping)
        .expect_wire(wire_type::pong)
        .advance(0s)
        .expect_error(error::limit_frame_budget)
        .play();
}

TEST(rekey_generations, older_ones_are_spent_at_the_budget)
{
    for (auto const generation : all_generations) {
        usmp_world_setup world;
        world.config.frame_budget = 3;
        if (generation == wire_generation::b)
            world.devices.front().legacy = identity::session_id_length::sixteen;
        session_script{world, usual_device(generation)}
            .shake_hands()
            .message("1")
            .expect_up("1")
            .message("2")
            .expect_up("2")
            .check(expect_not_due)
            .message("3")
            .expect_up("3")
            .check(expect_due)
            .advance(0s)
            .expect_error(error::limit_frame_budget)
            .play();
    }
}

TEST_P(rekey, none_is_started_behind_a_bye)
{
    auto play = budgeted();
    play.rekey();
    for (int i = 0; i < 9; ++i)
        play.message("m").expect_up("m");
    play.check([](session_script::player& on) { on.session.end(); })
        .expect_wire(wire_type::bye)
        .message("the tenth")
        .expect_up("the tenth")
        .expect_nothing()
        .play();
}

TEST_P(rekey, a_rekey_of_the_device_renews_the_budget)
{
    auto play = budgeted();
    for (int round = 0; round < 4; ++round) {
        for (int i = 0; i < 8; ++i)
            play.message("m").expect_up("m");
        play.rekey(pattern_bytes(32, static_cast<std::uint8_t>(round)));
    }
    play.message("on").expect_up("on").play();
}

}  // namespace
}  // namespace gatehouse::test
