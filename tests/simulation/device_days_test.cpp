// A fleet of all releases for days: it talks, sleeps, vanishes, comes back, and nothing is lost but
// what was under way when a connection broke.
#include "simulation/fleet.h"
#include "simulation/pair.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <iostream>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr unsigned fleet_size = 70;
constexpr int days = 15;

struct life {
    unsigned visits = 0;
    unsigned refused_visits = 0;
    std::size_t messages = 0;
};

class one_device {
public:
    one_device(usmp_world& world, unsigned number, std::uint64_t seed)
        : world_{world}
        , random_{seed}
        , settings_{device_settings(
              device::usmp_releases()[number % device::usmp_releases().size()], number
          )}
    {
    }

    life live(time_point from, time_point until)
    {
        life lived;
        for (auto now = from; now < until && !testing::Test::HasFailure();) {
            auto talk = std::make_unique<pair>(world_, pair_setup{settings_}, random_(), now);
            talk->meet();
            ++lived.visits;
            if (talk->device_up() && talk->gateway_up())
                visit(*talk, until);
            else
                refused(*talk, lived);
            talk->expect_in_order();
            lived.messages += talk->up().heard.size() + talk->down().heard.size();
            now = talk->now() + seconds(5, 600);
        }
        return lived;
    }

private:
    duration seconds(unsigned least, unsigned most)
    {
        return std::chrono::seconds{least + random_() % (most - least)};
    }

    // A 0.3 device is told the wrong length once, and gets in at its next try.
    void refused(pair& talk, life& lived)
    {
        talk.settle();
        ++lived.refused_visits;
        EXPECT_EQ(settings_.release.how, &usmp::r0_3);
        EXPECT_EQ(talk.device_error(), error::malformed_length);
    }

    void visit(pair& talk, time_point until)
    {
        auto const leave = std::min(until, talk.now() + std::chrono::hours{1 + random_() % 40});
        while (talk.now() < leave && talk.device_up() && talk.gateway_up()) {
            talk.run_for(seconds(60, 290));
            if (talk.device_up() && talk.gateway_up())
                act(talk);
            if (random_() % 600 == 0)
                talk.device_vanishes();
        }
        if (talk.device_up() && random_() % 2 == 0)
            talk.device_leaves();
        else if (talk.device_up())
            talk.device_closes();
        talk.run_for(10min);
        EXPECT_TRUE(talk.over());
        auto const failed = talk.gateway_error();
        EXPECT_TRUE(
            !failed || failed == error::limit_idle_time || failed == error::limit_session_age
        ) << describe(*failed);
        EXPECT_FALSE(talk.device_error()) << describe(*talk.device_error());
    }

    void act(pair& talk)
    {
        auto const what = random_() % 10;
        auto const text = pattern_bytes(random_() % 200, static_cast<std::uint8_t>(what));
        if (what < 3)
            talk.device_pings();
        else
            talk.device_says(text);
        if (what > 7)
            talk.backend_says(text);
        if (what == 5 && settings_.release.can_rekey && talk.quiet())
            talk.device_rekeys();
    }

    usmp_world& world_;
    std::mt19937_64 random_;
    device::usmp_settings settings_;
};

TEST(device_days, a_fleet_lives_for_days)
{
    auto const seed =
        static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed()) + 1;
    SCOPED_TRACE("seed " + std::to_string(seed));
    auto setup = fleet_world(fleet_size);
    setup.config.idle_timeout = 5min;
    setup.config.max_session_age = 30h;
    usmp_world world{setup};
    life all;
    for (unsigned number = 0; number < fleet_size && !HasFailure(); ++number) {
        SCOPED_TRACE("device " + std::to_string(number));
        one_device one{world, number, seed * 1000 + number};
        auto const lived = one.live(time_point{1h}, time_point{1h} + std::chrono::days{days});
        EXPECT_GT(lived.visits, 5U);
        EXPECT_LE(lived.refused_visits, 1U);
        all.visits += lived.visits;
        all.messages += lived.messages;
    }
    EXPECT_GT(all.messages, fleet_size * days * 300U);
    std::cout << fleet_size * days << " device-days: " << all.visits << " visits, " << all.messages
              << " messages\n";
}

}  // namespace
}  // namespace gatehouse::test
