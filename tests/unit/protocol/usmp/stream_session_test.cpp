// The stream around the states: pieces of any size, deadlines of every kind, and every fault at
// every step of a whole life.
#include "protocol/usmp/stream_session.h"
#include "support/session_faults.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

class stream_session : public testing::TestWithParam<wire_generation> {
protected:
    session_script script() const { return session_script{GetParam()}; }
    session_script live() const { return script().shake_hands(); }

    // Everything that this generation can do.
    session_script whole_life() const
    {
        auto life = live();
        life.message("one")
            .expect_up("one")
            .send("two")
            .expect_wire(wire_type::data, text_bytes("two"))
            .control(wire_type::ping)
            .expect_wire(wire_type::pong)
            .advance(30s)
            .control(wire_type::pong);
        if (GetParam() >= wire_generation::c)
            life.message(pattern_bytes(500)).expect_up(pattern_bytes(500));
        if (GetParam() >= wire_generation::d3)
            life.rekey();
        return life.message("three")
            .expect_up("three")
            .control(wire_type::bye)
            .expect_end(end_reason::bye);
    }
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    stream_session,
    testing::ValuesIn(all_generations),
    [](auto const& instance) { return name_of(instance.param); }
);

TEST_P(stream_session, a_whole_life)
{
    whole_life().play();
}

TEST_P(stream_session, fails_at_every_step)
{
    fails_at_every_step(whole_life());
}

TEST_P(stream_session, garbage_is_refused_at_its_first_byte)
{
    for (int first = 0; first < 256; ++first) {
        live_session session{usmp_world_setup{}};
        session.feed(byte_string(1, static_cast<std::uint8_t>(first)));
        EXPECT_EQ(session.failure.has_value(), first != 0xcd) << first;
    }
    live().feed(text_bytes("x")).expect_error(error::malformed_magic).play();
}

TEST_P(stream_session, what_came_before_garbage_is_delivered)
{
    live()
        .check([](session_script::player& on) {
            auto both = on.device.message(text_bytes("good"));
            append(both, on.device.seal(wire_type::ping));
            append(both, text_bytes("garbage"));
            on.session.feed(both);
        })
        .expect_up("good")
        .expect_wire(wire_type::pong)
        .expect_error(error::malformed_magic)
        .play();
}

// --- deadlines --------------------------------------------------------------------------------

TEST_P(stream_session, the_handshake_has_its_time)
{
    script()
        .advance(9'999ms)
        .expect_nothing()
        .advance(1ms)
        .expect_error(error::limit_handshake_time)
        .play();
    script()
        .advance(9s)
        .hello()
        .expect_wire(wire_type::challenge)
        .advance(1s)
        .expect_error(error::limit_handshake_time)
        .play();
}

TEST_P(stream_session, the_handshake_time_is_over_with_the_proof)
{
    live().advance(11s).expect_nothing().message("m").expect_up("m").play();
}

TEST_P(stream_session, idleness_ends_it)
{
    live()
        .advance(59'999ms)
        .expect_nothing()
        .advance(1ms)
        .expect_error(error::limit_idle_time)
        .play();
}

TEST_P(stream_session, any_authenticated_frame_ends_idleness)
{
    live()
        .advance(50s)
        .control(wire_type::ping)
        .expect_wire(wire_type::pong)
        .advance(50s)
        .message("m")
        .expect_up("m")
        .advance(59s)
        .expect_nothing()
        .advance(1s)
        .expect_error(error::limit_idle_time)
        .play();
}

TEST_P(stream_session, the_gateways_own_frames_do_not_end_idleness)
{
    live()
        .advance(50s)
        .send("anybody there?")
        .expect_wire(wire_type::data, text_bytes("anybody there?"))
        .advance(10s)
        .expect_error(error::limit_idle_time)
        .play();
}

TEST_P(stream_session, age_ends_the_busiest)
{
    usmp_world_setup world;
    world.config.max_session_age = 100s;
    if (GetParam() == wire_generation::b)
        world.devices.front().legacy = identity::session_id_length::sixteen;
    session_script{world, usual_device(GetParam())}
        .shake_hands()
        .advance(50s)
        .message("m")
        .expect_up("m")
        .advance(39s)
        .message("m")
        .expect_up("m")
        .advance(11s)
        .expect_error(error::limit_session_age)
        .play();
}

TEST_P(stream_session, the_end_of_its_key_is_its_end)
{
    usmp_world_setup world;
    world.devices = {{usual_mac, {{usual_psk(), {world.wall_now - 1h, world.wall_now + 40s}}}}};
    if (GetParam() == wire_generation::b)
        world.devices.front().legacy = identity::session_id_length::sixteen;
    session_script{world, usual_device(GetParam())}
        .advance(5s)
        .shake_hands()
        .advance(34s)
        .message("m")
        .expect_up("m")
        .advance(1s)
        .expect_error(error::unproven_expired_key)
        .play();
}

TEST_P(stream_session, a_frame_that_was_begun_must_be_finished)
{
    auto play = live();
    play.check([](session_script::player& on) {
            auto const frame = on.device.seal(wire_type::data, text_bytes("slow"));
            on.session.advance(1s);
            on.session.feed(bytes{frame}.first(1));
            on.session.advance(4s);
            on.session.feed(bytes{frame}.subspan(1, 1));
            on.session.advance(5'999ms);
            EXPECT_FALSE(on.session.over());
            on.session.advance(1ms);
        })
        .expect_error(error::limit_frame_time)
        .play();
}

TEST_P(stream_session, each_frame_has_its_own_time)
{
    live()
        .check([](session_script::player& on) {
            for (int i = 0; i < 5; ++i) {
                auto frame = on.device.seal(wire_type::data, text_bytes("slow"));
                on.session.feed(bytes{frame}.first(20));
                on.session.advance(9s);
                on.session.feed(bytes{frame}.subspan(20));
                EXPECT_EQ(on.session.up.size(), static_cast<std::size_t>(i + 1));
                on.session.advance(20s);
            }
            EXPECT_FALSE(on.session.over());
            on.session.up.clear();
        })
        .play();
}

TEST_P(stream_session, a_whole_frame_before_it_gives_the_next_its_full_time)
{
    live()
        .check([](session_script::player& on) {
            auto first = on.device.seal(wire_type::data, text_bytes("first"));
            auto const second = on.device.seal(wire_type::data, text_bytes("second"));
            on.session.feed(bytes{first}.first(5));
            on.session.advance(9s);
            append(first, bytes{second}.first(5));
            on.session.feed(bytes{first}.subspan(5));
            on.session.advance(9s);
            EXPECT_FALSE(on.session.over());
            on.session.feed(bytes{second}.subspan(5));
        })
        .expect_up("first")
        .expect_up("second")
        .play();
}

TEST_P(stream_session, the_deadline_is_the_earliest)
{
    live()
        .message("I have my session")  // of 0.2, that is confirmed by a frame
        .expect_up("I have my session")
        .check([](session_script::player& on) {
            auto const& session = on.session.get();
            EXPECT_EQ(session.deadline(), on.session.now() + 60s);
            auto const frame = on.device.seal(wire_type::data, text_bytes("m"));
            on.session.feed(bytes{frame}.first(3));
            EXPECT_EQ(session.deadline(), on.session.now() + 10s);
            on.session.feed(bytes{frame}.subspan(3));
            EXPECT_EQ(session.deadline(), on.session.now() + 60s);
        })
        .expect_up("m")
        .play();
}

}  // namespace
}  // namespace gatehouse::test
