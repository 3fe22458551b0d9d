// Messages, control frames and the limits of an authenticated session.
#include "protocol/usmp/established.h"
#include "support/session_script.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

class established : public testing::TestWithParam<wire_generation> {
protected:
    session_script script() const { return session_script{GetParam()}; }
    session_script live() const { return script().shake_hands(); }
    bool is(wire_generation oldest) const { return GetParam() >= oldest; }
    std::size_t max_plaintext() const { return is(wire_generation::b) ? 452 : 464; }
    std::size_t message_limit() const { return is(wire_generation::c) ? 1808 : max_plaintext(); }
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    established,
    testing::ValuesIn(all_generations),
    [](auto const& instance) { return name_of(instance.param); }
);

TEST_P(established, messages_go_both_ways)
{
    live()
        .message("up 1")
        .expect_up("up 1")
        .send("down 1")
        .expect_wire(wire_type::data, text_bytes("down 1"))
        .send("down 2")
        .expect_wire(wire_type::data, text_bytes("down 2"))
        .message("up 2")
        .expect_up("up 2")
        .play();
}

TEST_P(established, the_gateway_may_speak_first)
{
    live()
        .send("first")
        .expect_wire(wire_type::data, text_bytes("first"))
        .message("answer")
        .expect_up("answer")
        .play();
}

TEST_P(established, empty_messages_are_messages)
{
    live()
        .message("")
        .expect_up("")
        .send("")
        .expect_wire(wire_type::data)
        .message("x")
        .expect_up("x")
        .play();
}

TEST_P(established, messages_up_to_the_limit_fit)
{
    for (auto const size : {max_plaintext() - 1, max_plaintext(), message_limit()}) {
        auto const text = pattern_bytes(size);
        live().message(text).expect_up(text).play();
    }
}

TEST_P(established, messages_down_to_the_limit_fit)
{
    for (auto size = std::size_t{0}; size <= message_limit(); size += 113) {
        auto const text = pattern_bytes(size);
        auto play = live();
        play.send(text);
        auto rest = bytes{text};
        while (rest.size() > max_plaintext()) {
            play.expect_wire(wire_type::data_frag, copy_of(rest.first(max_plaintext())));
            rest = rest.subspan(max_plaintext());
        }
        play.expect_wire(wire_type::data, copy_of(rest)).play();
    }
}

TEST_P(established, a_message_above_the_limit_is_refused_and_the_session_goes_on)
{
    live()
        .send(pattern_bytes(message_limit() + 1))
        .expect_refused(error::limit_message_size)
        .expect_nothing()
        .send(pattern_bytes(65536))
        .expect_refused(error::limit_message_size)
        .expect_nothing()
        .send("fits")
        .expect_wire(wire_type::data, text_bytes("fits"))
        .play();
}

TEST_P(established, nothing_is_sent_before_the_proof)
{
    script()
        .send("early")
        .expect_refused(error::internal_closed)
        .hello()
        .expect_wire(wire_type::challenge)
        .send("early")
        .expect_refused(error::internal_closed)
        .expect_nothing()
        .play();
}

TEST_P(established, a_ping_is_answered_and_a_pong_is_not)
{
    live()
        .control(wire_type::ping)
        .expect_wire(wire_type::pong)
        .control(wire_type::pong)
        .expect_nothing()
        .message("on")
        .expect_up("on")
        .play();
}

TEST_P(established, bye_ends_it_at_once_and_silently)
{
    live()
        .message("last words")
        .expect_up("last words")
        .check([](session_script::player& on) {
            auto both = on.device.seal(wire_type::bye);
            append(both, on.device.seal(wire_type::data, text_bytes("too late")));
            append(both, on.device.seal(wire_type::ping));
            on.session.feed(both);  // in one piece
        })
        .expect_end(end_reason::bye)
        .play();
}

TEST_P(established, the_gateways_bye_is_a_frame_like_others)
{
    live()
        .send("one")
        .expect_wire(wire_type::data, text_bytes("one"))
        .check([](session_script::player& on) { on.session.end(); })
        .expect_wire(wire_type::bye)
        .play();
}

// What the device had sent before it heard the BYE is not lost, and not answered.
TEST_P(established, behind_its_bye_the_gateway_only_listens)
{
    live()
        .check([](session_script::player& on) { on.session.end(); })
        .expect_wire(wire_type::bye)
        .message("sent before it heard")
        .expect_up("sent before it heard")
        .control(wire_type::ping)
        .expect_nothing()
        .send("too late")
        .expect_refused(error::internal_closed)
        .expect_nothing()
        .control(wire_type::bye)
        .expect_end(end_reason::bye)
        .play();
}

TEST_P(established, the_gateway_says_no_bye_to_the_unproven)
{
    script()
        .hello()
        .expect_wire(wire_type::challenge)
        .check([](session_script::player& on) { on.session.end(); })
        .expect_nothing()
        .play();
}

// --- what a device must not do ----------------------------------------------------------------

TEST_P(established, eight_control_frames_a_second_and_no_more)
{
    auto play = live();
    for (int second = 0; second < 2; ++second) {
        for (int i = 0; i < 8; ++i)
            play.control(wire_type::ping).expect_wire(wire_type::pong);
        play.advance(1s);
    }
    for (int i = 0; i < 4; ++i)
        play.control(wire_type::pong);
    play.message("between").expect_up("between");
    for (int i = 0; i < 4; ++i)
        play.control(wire_type::ping).expect_wire(wire_type::pong);
    play.advance(999ms).control(wire_type::ping).expect_error(error::limit_control_frames).play();
}

TEST_P(established, control_frames_carry_no_text)
{
    for (auto const type : {wire_type::ping, wire_type::pong, wire_type::bye})
        live()
            .control(type, text_bytes("x"))
            .expect_error(error::malformed_length)
            .check([](session_script::player& on) { EXPECT_FALSE(on.session.get().ended()); })
            .play();
}

TEST_P(established, messages_are_no_control_frames)
{
    auto play = live();
    for (int i = 0; i < 50; ++i)
        play.message("m").expect_up("m");
    play.play();
}

TEST_P(established, the_forbidden_number_is_refused)
{
    live()
        .feed(
            "frame 0xffffffff",
            [](reference_device& device) {
                return device.seal_as(wire_type::data, 0xffffffff, text_bytes("x"));
            }
        )
        .expect_error(error::unproven_sequence)
        .play();
}

TEST_P(established, numbers_neither_repeat_nor_skip)
{
    auto const numbered = [&](std::uint32_t number, error expected) {
        live()
            .message("0")
            .expect_up("0")
            .message("1")
            .expect_up("1")
            .feed(
                "frame " + std::to_string(number),
                [number](reference_device& device) {
                    return device.seal_as(wire_type::data, number, text_bytes("x"));
                }
            )
            .expect_error(expected)
            .play();
    };
    numbered(0, error::unproven_replay);
    numbered(1, error::unproven_replay);
    numbered(3, error::unproven_sequence);
    numbered(0x10002, error::unproven_sequence);
    numbered(0xfffffffe, error::unproven_sequence);
}

TEST_P(established, handshake_frames_are_over)
{
    for (auto const type :
         {wire_type::hello,
          wire_type::challenge,
          wire_type::hello_ack,
          wire_type::session_ok,
          wire_type::hello_retry,
          std::uint8_t{0x00},
          std::uint8_t{0x0c},
          std::uint8_t{0xff}})
        live()
            .feed(
                "frame of type " + std::to_string(type),
                [type](reference_device& device) { return device.seal_as(type, 0, {}); }
            )
            .expect_error(error::malformed_type)
            .play();
}

// --- fragments -------------------------------------------------------------------------------

TEST_P(established, fragments_of_any_size_are_joined)
{
    if (!is(wire_generation::c)) {
        live()
            .control(wire_type::data_frag, text_bytes("x"))
            .expect_error(error::malformed_fragments)
            .play();
        return;
    }
    live()
        .control(wire_type::data_frag, text_bytes("a"))
        .control(wire_type::data_frag)
        .control(wire_type::data_frag, text_bytes("b"))
        .expect_nothing()
        .send("meanwhile")
        .expect_wire(wire_type::data, text_bytes("meanwhile"))
        .control(wire_type::data, text_bytes("c"))
        .expect_up("abc")
        .message("next")
        .expect_up("next")
        .play();
}

class established_fragments : public established {};
INSTANTIATE_TEST_SUITE_P(
    generation,
    established_fragments,
    testing::Values(
        wire_generation::c, wire_generation::d1, wire_generation::d2, wire_generation::d3
    ),
    [](auto const& instance) { return name_of(instance.param); }
);

TEST_P(established_fragments, a_fourth_fragment_is_refused)
{
    auto play = live();
    for (int i = 0; i < 3; ++i)
        play.control(wire_type::data_frag, pattern_bytes(452));
    play.control(wire_type::data_frag, pattern_bytes(1))
        .expect_error(error::malformed_fragments)
        .play();
}

TEST_P(established_fragments, nothing_comes_between)
{
    for (auto const type : {wire_type::ping, wire_type::pong})
        live()
            .control(wire_type::data_frag, text_bytes("a"))
            .control(type)
            .expect_error(error::malformed_fragments)
            .play();
    live()
        .control(wire_type::data_frag, text_bytes("a"))
        .control(wire_type::rekey, pattern_bytes(32))
        .expect_error(error::malformed_fragments)
        .play();
}

TEST_P(established_fragments, bye_between_them_is_a_bye)
{
    live()
        .control(wire_type::data_frag, text_bytes("a"))
        .control(wire_type::bye)
        .expect_end(end_reason::bye)
        .play();
}

}  // namespace
}  // namespace gatehouse::test
