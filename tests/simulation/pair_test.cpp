// What a connection does to messages, whatever the link does to bytes. Each failure names its seed.
#include "simulation/fleet.h"
#include "simulation/pair.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using device::usmp_release;

constexpr time_point beginning{1h};

// Names of tests allow letters, digits and underscores only.
std::string test_name(usmp_release const& release)
{
    std::string name{release.name};
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
}

class with_seeds {
public:
    template <class Scenario>
    static void run(std::uint64_t count, Scenario scenario)
    {
        for (std::uint64_t seed = 1; seed <= count; ++seed) {
            SCOPED_TRACE("seed " + std::to_string(seed));
            scenario(seed);
            if (testing::Test::HasFailure())
                return;
        }
    }
};

class simulation : public testing::TestWithParam<usmp_release> {
protected:
    // A pair that has met.
    std::unique_ptr<pair> connected(
        usmp_world& world, std::uint64_t seed, link_behaviour behaviour = {}
    )
    {
        hint_releases(world, GetParam(), 0);
        auto made = std::make_unique<pair>(
            world, pair_setup{device_settings(GetParam(), 0), behaviour}, seed, beginning
        );
        made->meet();
        EXPECT_TRUE(made->device_up() && made->gateway_up());
        return made;
    }

    byte_string some_message(std::mt19937_64& random) const
    {
        auto const limit = GetParam().how->message_limit();
        // Short ones mostly, long ones now and then.
        auto const longest = random() % 8 == 0 ? limit : std::min(limit, std::size_t{80});
        return pattern_bytes(random() % (longest + 1), static_cast<std::uint8_t>(random()));
    }

    bool can_rekey() const { return GetParam().can_rekey; }
};
INSTANTIATE_TEST_SUITE_P(
    release,
    simulation,
    testing::ValuesIn(device::usmp_releases().begin(), device::usmp_releases().end()),
    [](auto const& instance) { return test_name(instance.param); }
);

TEST_P(simulation, thousands_of_messages_go_both_ways)
{
    with_seeds::run(5, [&](std::uint64_t seed) {
        usmp_world world{fleet_world(1)};
        std::mt19937_64 random{seed};
        auto const talk = connected(world, seed);
        for (int i = 0; i < 600 && !testing::Test::HasFailure(); ++i) {
            if (random() % 3 != 0)
                talk->device_says(some_message(random));
            if (random() % 3 != 0)
                talk->backend_says(some_message(random));
            if (random() % 4 == 0)
                talk->run_for(std::chrono::milliseconds{random() % 700});
            if (random() % 16 == 0)
                talk->device_pings();
        }
        ASSERT_TRUE(talk->gateway_up()) << describe(talk->gateway_error().value_or(error{}));
        talk->settle();
        talk->expect_all_delivered();
        EXPECT_EQ(talk->facts().generation, GetParam().how->release);
        talk->device_leaves();
        talk->settle();
        EXPECT_EQ(talk->ended(), end_reason::bye);
        EXPECT_EQ(talk->gateway_error(), std::nullopt);
    });
}

TEST_P(simulation, the_same_seed_is_the_same_life)
{
    auto const live = [&](std::uint64_t seed) {
        usmp_world world{fleet_world(1)};
        std::mt19937_64 random{seed};
        auto const talk = connected(world, seed);
        for (int i = 0; i < 50; ++i) {
            talk->device_says(some_message(random));
            talk->run_for(std::chrono::milliseconds{random() % 300});
        }
        talk->settle();
        return talk->now();
    };
    EXPECT_EQ(live(7), live(7));
    EXPECT_NE(live(7), live(8));
}

TEST_P(simulation, a_bye_of_the_gateway_reaches_the_device_behind_all_messages)
{
    with_seeds::run(20, [&](std::uint64_t seed) {
        usmp_world world{fleet_world(1)};
        std::mt19937_64 random{seed};
        auto const talk = connected(world, seed);
        for (int i = 0; i < 5; ++i)
            talk->backend_says(some_message(random));
        talk->gateway_ends();
        talk->settle();
        EXPECT_TRUE(talk->dismissed());
        talk->expect_all_delivered();
    });
}

// The device closes its direction while its last bytes are under way: what was whole is delivered.
TEST_P(simulation, a_half_closed_link_loses_nothing_that_was_whole)
{
    with_seeds::run(20, [&](std::uint64_t seed) {
        usmp_world world{fleet_world(1)};
        std::mt19937_64 random{seed};
        auto const talk = connected(world, seed);
        for (int i = 0; i < 5; ++i)
            talk->device_says(some_message(random));
        talk->backend_says(some_message(random));
        talk->device_closes();
        talk->settle();
        EXPECT_TRUE(talk->over());
        EXPECT_EQ(talk->gateway_error(), std::nullopt);
        EXPECT_EQ(talk->ended(), std::nullopt) << "it did not say goodbye";
        talk->expect_all_delivered();
    });
}

TEST_P(simulation, a_vanished_device_is_given_up_after_the_idle_time)
{
    with_seeds::run(10, [&](std::uint64_t seed) {
        usmp_world world{fleet_world(1)};
        auto const talk = connected(world, seed);
        talk->device_says(text_bytes("last words"));
        talk->settle();
        auto const last = talk->now();
        talk->device_vanishes();
        talk->run_for(59s);
        EXPECT_TRUE(talk->gateway_up());
        talk->run_for(10s);
        EXPECT_EQ(talk->gateway_error(), error::limit_idle_time);
        EXPECT_EQ(talk->ended_at() - last, 60s);
        talk->expect_in_order();
    });
}

TEST_P(simulation, pings_keep_an_otherwise_silent_device)
{
    usmp_world world{fleet_world(1)};
    auto const talk = connected(world, 1);
    for (int i = 0; i < 100; ++i) {
        talk->run_for(45s);
        talk->device_pings();
    }
    talk->settle();
    EXPECT_TRUE(talk->gateway_up());
    ASSERT_NE(talk->channel(), nullptr);
    EXPECT_EQ(talk->channel()->pongs(), 100U);
}

TEST_P(simulation, age_ends_a_session_and_the_device_comes_back)
{
    auto setup = fleet_world(1);
    setup.config.max_session_age = 10min;
    usmp_world world{setup};
    for (std::uint64_t visit = 1; visit <= 5; ++visit) {
        auto const talk = connected(world, visit);
        auto const met = talk->now();
        while (talk->device_up()) {
            talk->device_says(text_bytes("on and on"));
            talk->run_for(30s);
        }
        EXPECT_EQ(talk->gateway_error(), error::limit_session_age);
        EXPECT_LE(talk->ended_at() - met, 10min);
        EXPECT_TRUE(talk->dismissed());
        talk->expect_in_order();
    }
}

// A byte at a time is slow, not wrong, as long as each frame is complete within its time.
TEST_P(simulation, trickling_links_work)
{
    link_behaviour const trickle{.shortest = 0ms, .longest = 5ms, .largest_piece = 1};
    with_seeds::run(3, [&](std::uint64_t seed) {
        usmp_world world{fleet_world(1)};
        auto const talk = connected(world, seed, trickle);
        for (std::uint8_t i = 0; i < 10; ++i) {
            talk->device_says(pattern_bytes(100, i));
            talk->backend_says(pattern_bytes(90, i));
        }
        talk->settle();
        talk->expect_all_delivered();
        EXPECT_TRUE(talk->gateway_up());
    });
}

TEST_P(simulation, a_link_too_slow_for_the_handshake_is_refused_in_time)
{
    link_behaviour const slow{.shortest = 8s, .longest = 20s, .largest_piece = 20};
    usmp_world world{fleet_world(1)};
    pair talk{world, {device_settings(GetParam(), 0), slow}, 1, beginning};
    talk.run_for(1min);
    EXPECT_FALSE(talk.facts().authenticated);
    EXPECT_EQ(talk.gateway_error(), error::limit_handshake_time);
    EXPECT_EQ(talk.ended_at(), beginning + 10s);
}

TEST_P(simulation, rekeys_of_the_device_between_messages)
{
    if (!can_rekey())
        return;
    with_seeds::run(10, [&](std::uint64_t seed) {
        usmp_world world{fleet_world(1)};
        std::mt19937_64 random{seed};
        auto const talk = connected(world, seed);
        for (int i = 0; i < 200 && talk->gateway_up(); ++i) {
            talk->device_says(some_message(random));
            if (random() % 10 == 0) {
                talk->settle();  // nothing of the gateway may be under way
                talk->device_rekeys();
                talk->device_says(some_message(random));
                talk->settle();
            }
            if (random() % 2 == 0)
                talk->backend_says(some_message(random));
        }
        talk->settle();
        EXPECT_FALSE(talk->crossed());
        EXPECT_EQ(talk->gateway_error(), std::nullopt);
        EXPECT_GT(talk->channel()->rekeys(), 5U);
        talk->expect_all_delivered();
    });
}

// The gateway may rekey whenever its budget is used up, in the middle of the device's traffic.
TEST_P(simulation, rekeys_of_the_gateway_under_traffic)
{
    if (!can_rekey())
        return;
    auto setup = fleet_world(1);
    setup.config.frame_budget = 50;
    with_seeds::run(10, [&](std::uint64_t seed) {
        usmp_world world{setup};
        std::mt19937_64 random{seed};
        auto const talk = connected(world, seed);
        talk->device_rekeys();  // so the gateway knows that it may
        talk->device_says(some_message(random));
        talk->settle();
        for (int i = 0; i < 1000 && talk->gateway_up() && talk->device_up(); ++i) {
            talk->device_says(some_message(random));
            if (random() % 3 != 0)
                talk->backend_says(some_message(random));
            talk->run_for(std::chrono::milliseconds{random() % 120});
        }
        talk->settle();
        EXPECT_EQ(talk->gateway_error(), std::nullopt);
        EXPECT_GT(talk->channel()->rekeys(), 10U);
        talk->expect_all_delivered();
    });
}

// Both sides rekey whenever they like. A crossing ends the session, and nothing else may.
TEST_P(simulation, rekeys_from_both_sides_under_traffic)
{
    if (!can_rekey())
        return;
    auto setup = fleet_world(1);
    setup.config.frame_budget = 40;
    int survived = 0;
    with_seeds::run(30, [&](std::uint64_t seed) {
        usmp_world world{setup};
        std::mt19937_64 random{seed};
        auto const talk = connected(world, seed);
        talk->device_rekeys();  // so the gateway knows that it may
        talk->settle();
        for (int i = 0; i < 200 && talk->gateway_up() && talk->device_up(); ++i) {
            talk->device_says(some_message(random));
            if (random() % 8 == 0)
                talk->backend_says(some_message(random));
            talk->run_for(std::chrono::milliseconds{random() % 300});
            if (random() % 50 == 0 && talk->device_up())
                talk->device_rekeys();
        }
        talk->settle();
        talk->expect_in_order();
        bool const well = !talk->gateway_error() && !talk->device_error();
        EXPECT_TRUE(well || talk->crossed())
            << "gateway: " << (talk->gateway_error() ? describe(*talk->gateway_error()) : "well")
            << ", device: " << (talk->device_error() ? describe(*talk->device_error()) : "well");
        survived += well ? 1 : 0;
    });
    EXPECT_LT(survived, 30) << "nothing crossed: the scenario proves nothing";
    EXPECT_GT(survived, 0) << "everything crossed: the scenario proves nothing";
}

}  // namespace
}  // namespace gatehouse::test
