// Releases 0.2 and 0.3 cannot be told apart before SESSION_OK: the gateway guesses, and learns from
// proven devices that leave at once.
#include "support/session_script.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using identity::session_id_length;
using standing = usmp::legacy_hint::standing;

struct visit {
    bool believed = false;  // the device took SESSION_OK
    std::string generation;
    session_id_length learned = session_id_length::unknown;
};

struct circumstances {
    duration stays = 100ms;
    bool speaks = false;
};

// A device that hangs up when SESSION_OK has the wrong length, as real ones do.
visit pay_visit(usmp_world_setup const& world, wire_generation generation, circumstances how = {})
{
    reference_device device{usual_device(generation)};
    live_session session{world};
    session.feed(device.hello());
    EXPECT_TRUE(device.take_challenge(session.wire.at(0)));
    session.feed(device.hello_ack());
    visit made;
    made.believed = device.take_session_ok(session.wire.at(1));
    made.generation = session.get().facts().generation;
    if (how.speaks)
        session.feed(device.message(text_bytes("I am here")));
    session.advance(how.stays);
    session.close();
    auto const& hints = session.world().hints;
    auto const known = hints.find({parse_id(usual_mac)});
    EXPECT_EQ(hints.size(), known.length == session_id_length::unknown ? 0U : 1U);
    if (known.what == standing::untried)
        made.learned = known.length;
    return made;
}

usmp_world_setup world_with_hint(session_id_length length, standing what = standing::untried)
{
    usmp_world_setup world;
    world.hints = {{{parse_id(usual_mac)}, length, what}};
    return world;
}

// One of several conversations that the usual device has with one gateway.
class conversation {
public:
    conversation(usmp_world& world, wire_generation generation, time_point now = time_point{} + 1h)
        : device_{usual_device(generation)}
        , session_{world.env, now + 10s}
        , now_{now}
    {
        feed(device_.hello());
        EXPECT_TRUE(device_.take_challenge(out_.wire.frame_at(0)));
        feed(device_.hello_ack());
        believed_ = device_.take_session_ok(out_.wire.frame_at(0));
    }

    bool believed() const { return believed_; }
    bool confirmed() const { return session_.facts().confirmed; }
    void speak() { feed(device_.message(text_bytes("I am here"))); }
    duration due() const { return session_.deadline() - now_; }
    void hang_up(duration after) { session_.peer_closed(now_ + after); }
    result<> sit_out(duration after)
    {
        out_.clear();
        return session_.on_deadline(now_ + after, out_);
    }

private:
    void feed(byte_string data)
    {
        out_.clear();
        EXPECT_TRUE(session_.receive(now_, data, out_));
    }

    reference_device device_;
    usmp::stream_session session_;
    output out_;
    time_point now_;
    bool believed_ = false;
};

TEST(legacy_learning, the_first_guess_is_0_2)
{
    auto const of_a = pay_visit({}, wire_generation::a, {.speaks = true});
    EXPECT_TRUE(of_a.believed);
    EXPECT_EQ(of_a.generation, "0.2");
    EXPECT_EQ(of_a.learned, session_id_length::unknown);
}

TEST(legacy_learning, a_0_3_device_gets_in_at_its_second_try)
{
    auto const first = pay_visit({}, wire_generation::b);
    EXPECT_FALSE(first.believed);
    EXPECT_EQ(first.learned, session_id_length::sixteen);
    auto const second =
        pay_visit(world_with_hint(first.learned), wire_generation::b, {.speaks = true});
    EXPECT_TRUE(second.believed);
    EXPECT_EQ(second.generation, "0.3");
    EXPECT_EQ(second.learned, session_id_length::unknown);
}

TEST(legacy_learning, a_wrong_hint_is_unlearned)
{
    auto const misled = pay_visit(world_with_hint(session_id_length::sixteen), wire_generation::a);
    EXPECT_FALSE(misled.believed);
    EXPECT_EQ(misled.learned, session_id_length::four);
    EXPECT_TRUE(pay_visit(world_with_hint(misled.learned), wire_generation::a).believed);
}

TEST(legacy_learning, one_who_has_spoken_before_is_doubted_when_it_leaves_at_once)
{
    auto const world = world_with_hint(session_id_length::four, standing::proven);
    EXPECT_EQ(
        pay_visit(world, wire_generation::b, {.stays = 1500ms}).learned, session_id_length::sixteen
    );
    EXPECT_EQ(
        pay_visit(world, wire_generation::b, {.stays = 1501ms}).learned, session_id_length::four
    );
}

// Its failed socket is closed late, or never.
TEST(legacy_learning, one_who_never_spoke_is_doubted_whenever_it_leaves)
{
    EXPECT_EQ(
        pay_visit({}, wire_generation::b, {.stays = 30s}).learned, session_id_length::sixteen
    );
    usmp_world world{usmp_world_setup{}};
    conversation silent{world, wire_generation::b};
    EXPECT_FALSE(silent.believed());
    EXPECT_FALSE(silent.sit_out(60s));
    EXPECT_TRUE((conversation{world, wire_generation::b}.believed()));
}

TEST(legacy_learning, one_that_stays_is_confirmed_after_a_while)
{
    for (auto const& [idle_timeout, stay] : {std::pair{60s, 5000ms}, std::pair{3s, 1500ms}}) {
        auto setup = usmp_world_setup{};
        setup.config.idle_timeout = idle_timeout;
        usmp_world world{setup};
        conversation silent{world, wire_generation::a};
        EXPECT_TRUE(silent.sit_out(stay - 1ms));
        EXPECT_FALSE(silent.confirmed());
        EXPECT_EQ(silent.due(), stay);
        EXPECT_TRUE(silent.sit_out(stay));
        EXPECT_TRUE(silent.confirmed());
        EXPECT_EQ(silent.due(), idle_timeout);
    }
}

TEST(legacy_learning, a_new_handshake_doubts_a_session_without_a_frame)
{
    for (auto const generation : {wire_generation::a, wire_generation::b}) {
        bool const is_a = generation == wire_generation::a;
        auto const wrong = is_a ? session_id_length::sixteen : session_id_length::four;
        usmp_world world{world_with_hint(wrong, standing::proven)};
        conversation first{world, generation};
        EXPECT_FALSE(first.believed());
        conversation second{world, generation};
        EXPECT_TRUE(second.believed());
        EXPECT_FALSE(second.confirmed());
        second.speak();
        EXPECT_TRUE(second.confirmed());
        first.hang_up(20s);  // late, and not the newest: teaches nothing
        conversation third{world, generation};
        EXPECT_TRUE(third.believed());
        EXPECT_TRUE(third.confirmed());
    }
}

TEST(legacy_learning, a_wrong_doubt_is_unlearned_like_a_wrong_guess)
{
    usmp_world world{usmp_world_setup{}};
    conversation rebooted{world, wire_generation::a};  // lost power before it spoke
    EXPECT_TRUE(rebooted.believed());
    conversation misled{world, wire_generation::a};
    EXPECT_FALSE(misled.believed());
    conversation again{world, wire_generation::a};
    EXPECT_TRUE(again.believed());
    again.speak();
    EXPECT_EQ(
        world.hints.find({parse_id(usual_mac)}),
        (usmp::legacy_hint{{parse_id(usual_mac)}, session_id_length::four, standing::proven})
    );
}

TEST(legacy_learning, an_end_by_the_gateway_teaches_nothing)
{
    usmp_world world{usmp_world_setup{}};
    {
        conversation const ended{world, wire_generation::a};
    }
    EXPECT_TRUE((conversation{world, wire_generation::a}.believed()));
}

TEST(legacy_learning, a_namesake_in_another_set_teaches_nothing)
{
    usmp_world world{usmp_world_setup{}};
    world.env.credentials = 1;
    conversation const there{world, wire_generation::b};
    EXPECT_FALSE(there.believed());
    world.env.credentials = 0;
    EXPECT_TRUE((conversation{world, wire_generation::a}.believed()));
}

TEST(legacy_learning, an_enrolled_length_and_other_generations_are_no_guess)
{
    auto setup = usmp_world_setup{};
    setup.devices.front().legacy = session_id_length::sixteen;
    usmp_world world{setup};
    EXPECT_TRUE((conversation{world, wire_generation::b}.confirmed()));
    for (auto const generation : {wire_generation::c, wire_generation::d1, wire_generation::d3})
        EXPECT_TRUE((conversation{world, generation}.confirmed()));
    EXPECT_EQ(world.hints.size(), 0U);
}

TEST(legacy_learning, one_who_spoke_teaches_nothing)
{
    EXPECT_EQ(
        pay_visit({}, wire_generation::a, {.speaks = true}).learned, session_id_length::unknown
    );
}

TEST(legacy_learning, other_generations_teach_nothing)
{
    for (auto const generation :
         {wire_generation::c, wire_generation::d1, wire_generation::d2, wire_generation::d3})
        EXPECT_EQ(pay_visit({}, generation).learned, session_id_length::unknown);
}

TEST(legacy_learning, a_hint_does_not_change_other_generations)
{
    auto const world = world_with_hint(session_id_length::four);
    for (auto const generation : {wire_generation::c, wire_generation::d1, wire_generation::d3})
        EXPECT_TRUE(pay_visit(world, generation).believed);
}

TEST(legacy_learning, the_enrolment_has_the_last_word)
{
    auto world = world_with_hint(session_id_length::four);
    world.devices.front().legacy = session_id_length::sixteen;
    EXPECT_TRUE(pay_visit(world, wire_generation::b).believed);
    world = world_with_hint(session_id_length::sixteen);
    world.devices.front().legacy = session_id_length::four;
    EXPECT_TRUE(pay_visit(world, wire_generation::a).believed);
}

TEST(legacy_learning, nobody_teaches_without_a_proof)
{
    reference_device device{usual_device(wire_generation::b)};
    live_session silent{usmp_world_setup{}};
    silent.close();
    EXPECT_EQ(silent.world().hints.size(), 0U);

    live_session waiting{usmp_world_setup{}};
    waiting.feed(device.hello());
    waiting.close();
    EXPECT_EQ(waiting.world().hints.size(), 0U);

    live_session wrong{usmp_world_setup{}};
    wrong.feed(device.hello());
    wrong.feed(reference_device::frame(1, wire_type::hello_ack, 0, byte_string(32)));
    EXPECT_EQ(wrong.failure, error::unproven_key);
    EXPECT_EQ(wrong.world().hints.size(), 0U);
}

}  // namespace
}  // namespace gatehouse::test
