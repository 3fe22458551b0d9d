// Releases 0.2 and 0.3 cannot be told apart before SESSION_OK: the gateway guesses, and learns from
// proven devices that leave at once.
#include "support/session_script.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using identity::session_id_length;

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
    for (auto const& news : session.world().hints.take_news()) {
        EXPECT_EQ(news.device, parse_id(usual_mac));
        made.learned = news.length;
    }
    return made;
}

usmp_world_setup world_with_hint(session_id_length length)
{
    usmp_world_setup world;
    world.hints = {{parse_id(usual_mac), length}};
    return world;
}

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

TEST(legacy_learning, only_one_who_leaves_at_once_teaches)
{
    EXPECT_EQ(
        pay_visit({}, wire_generation::b, {.stays = 1500ms}).learned, session_id_length::sixteen
    );
    EXPECT_EQ(
        pay_visit({}, wire_generation::b, {.stays = 1501ms}).learned, session_id_length::unknown
    );
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
    EXPECT_FALSE(silent.world().hints.has_news());

    live_session waiting{usmp_world_setup{}};
    waiting.feed(device.hello());
    waiting.close();
    EXPECT_FALSE(waiting.world().hints.has_news());

    live_session wrong{usmp_world_setup{}};
    wrong.feed(device.hello());
    wrong.feed(reference_device::frame(1, wire_type::hello_ack, 0, byte_string(32)));
    EXPECT_EQ(wrong.failure, error::unproven_key);
    EXPECT_FALSE(wrong.world().hints.has_news());
}

}  // namespace
}  // namespace gatehouse::test
