// Devices of all releases that know UDP for days, over path of all kinds: it loses, repeats and
// reorders datagrams, devices change their addresses, reboot and leave, the gateway is restarted,
// the backend is slow or full. Whatever happens: what counts as delivered arrived, once and in
// order, and what did not arrive was reported.
#include "simulation/datagram_dweller.h"
#include "simulation/datagram_gateway.h"
#include "simulation/fleet.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <deque>
#include <iostream>
#include <memory>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr unsigned worlds = 24;
constexpr unsigned devices_a_world = 10;
constexpr std::chrono::days days{7};
constexpr time_point start = time_point{} + 1h;

std::vector<device::usmp_release> releases_over_udp()
{
    std::vector<device::usmp_release> made;
    for (auto const& each : device::usmp_releases())
        if (each.over_udp)
            made.push_back(each);
    return made;
}

struct outcome {
    std::size_t visits = 0;
    std::size_t given_up = 0;
    std::size_t failed = 0;
    std::size_t said = 0;
    std::size_t delivered = 0;
    std::size_t down_said = 0;
    std::size_t down_delivered = 0;
    std::size_t rekeys = 0;
    datagram_gateway::tally gateway;
};

// One gateway and its devices, in one kind of path.
class village {
public:
    explicit village(std::uint64_t seed)
        : random_{seed}
        , path_{draw_path(), random_()}
        , only_new_releases_{one_in(3)}
    {
        auto setup = fleet_world(devices_a_world);
        setup.config.idle_timeout = 90min;
        setup.config.max_session_age = 30h;
        if (one_in(2))
            setup.config.frame_budget = 12;
        gateway_behaviour behaviour;
        behaviour.longest_take_over = one_in(4) ? 3000ms : 300ms;
        if (only_new_releases_)
            behaviour.cookies = usmp::cookie_policy::always;
        for (std::uint32_t number = 0; number < devices_a_world; ++number)
            uplink_.emplace_back(number);
        gateway_.emplace(setup, behaviour, path_, uplink_, random_());
        for (unsigned number = 0; number < devices_a_world; ++number)
            settle(number);
    }

    outcome live(time_point until)
    {
        while (!testing::Test::HasFailure()) {
            auto due = std::min({path_.next(), gateway_->next(), next_turn_});
            for (auto const& each : devices_)
                due = std::min(due, each.next());
            if (due > until)
                break;
            now_ = std::max(now_, due);
            step();
        }
        gateway_->close(now_);
        return look_back();
    }

private:
    bool one_in(unsigned count) { return random_() % count == 0; }

    path_behaviour draw_path()
    {
        constexpr std::array losses{0.0, 0.02, 0.1, 0.25, 0.4};
        constexpr std::array<duration, 4> delays{5ms, 80ms, 400ms, 1500ms};
        return {
            .loss = losses.at(random_() % losses.size()),
            .duplication = one_in(2) ? 0.2 : 0.0,
            .shortest = 1ms,
            .longest = delays.at(random_() % delays.size()),
        };
    }

    void settle(unsigned number)
    {
        using taking = device::usmp_datagram_habits::taking;
        static auto const known = releases_over_udp();
        auto release = known[(number + random_()) % known.size()];
        while (only_new_releases_ && !release.how->transcript_prefix)
            release = known[random_() % known.size()];
        dweller_behaviour behaviour;
        behaviour.habits = device::usual_habits(release);
        behaviour.habits.frames = one_in(3) ? taking::when_collected : taking::at_once;
        // Before 0.6 an acknowledgement for the session before is one for this.
        behaviour.keeps_its_port = release.how->transcript_prefix && one_in(3);
        devices_.emplace_back(
            device_settings(release, number),
            behaviour,
            path_,
            *gateway_,
            uplink_[number],
            random_()
        );
    }

    void step()
    {
        while (path_.next() <= now_)
            arrive(path_.take());
        if (gateway_->next() <= now_)
            gateway_->on_due(now_);
        for (auto& each : devices_)
            if (each.next() <= now_)
                each.on_due(now_);
        if (next_turn_ <= now_)
            turn();
    }

    void arrive(flying_datagram const& came)
    {
        if (came.to == datagram_gateway::address())
            gateway_->receive(now_, came.from, came.data);
        for (auto& each : devices_)
            if (each.address() == came.to)
                each.receive(now_, came.data);
    }

    // The backend's and the operator's.
    void turn()
    {
        auto const dice = random_() % 4000;
        if (dice == 0) {
            gateway_->restart();
            has_capacity_ = true;
        } else if (dice < 40) {
            has_capacity_ = !has_capacity_;
            gateway_->set_capacity(has_capacity_);
        } else if (dice < 2500) {
            auto const size = one_in(10) ? random_() % 1800 : random_() % 200;
            gateway_->send_to_somebody(now_, size);
        }
        next_turn_ =
            now_ + std::chrono::milliseconds{random_() % (has_capacity_ ? 900'000 : 20'000)};
    }

    outcome look_back() const
    {
        outcome seen;
        for (auto const& each : devices_) {
            seen.visits += each.counted().visits;
            seen.given_up += each.counted().given_up;
            seen.failed += each.counted().failed;
            seen.rekeys += each.counted().rekeys;
        }
        for (auto const& ledger : uplink_) {
            ledger.expect_in_order();
            seen.said += ledger.said();
            seen.delivered += ledger.delivered();
        }
        for (auto const& ledger : gateway_->downlink()) {
            ledger.expect_in_order();
            seen.down_said += ledger.said();
            seen.down_delivered += ledger.delivered();
        }
        seen.gateway = gateway_->counted();
        return seen;
    }

    std::mt19937_64 random_;
    datagram_path path_;
    bool only_new_releases_;
    std::vector<message_ledger> uplink_;
    std::optional<datagram_gateway> gateway_;
    std::deque<datagram_dweller> devices_;
    time_point now_ = start;
    time_point next_turn_ = start;
    bool has_capacity_ = true;
};

TEST(datagram_days, whatever_counts_as_delivered_has_arrived)
{
    auto const seed =
        static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed()) + 1;
    outcome all;
    for (unsigned number = 0; number < worlds && !HasFailure(); ++number) {
        auto const its_seed = seed * 1000 + number;
        SCOPED_TRACE("seed " + std::to_string(its_seed));
        auto const seen = village{its_seed}.live(start + days);
        EXPECT_GT(seen.visits, devices_a_world);
        EXPECT_GT(seen.delivered, seen.said / 10);
        all.visits += seen.visits;
        all.given_up += seen.given_up;
        all.failed += seen.failed;
        all.rekeys += seen.rekeys;
        all.said += seen.said;
        all.delivered += seen.delivered;
        all.down_said += seen.down_said;
        all.down_delivered += seen.down_delivered;
        all.gateway.moves += seen.gateway.moves;
        all.gateway.broken += seen.gateway.broken;
        all.gateway.rekeys += seen.gateway.rekeys;
        all.gateway.undelivered += seen.gateway.undelivered;
        all.gateway.retransmitted += seen.gateway.retransmitted;
    }
    std::cout << worlds * devices_a_world * days.count() << " device-days from seed " << seed
              << ": " << all.visits << " sessions (" << all.given_up << " given up, " << all.failed
              << " failed, " << all.gateway.broken << " broken), " << all.gateway.moves
              << " moves, " << all.rekeys << " + " << all.gateway.rekeys << " REKEYs\n"
              << "up: " << all.delivered << " of " << all.said
              << " delivered; down: " << all.down_delivered << " of " << all.down_said << ", "
              << all.gateway.undelivered << " reported undelivered, " << all.gateway.retransmitted
              << " frames repeated\n";
}

}  // namespace
}  // namespace gatehouse::test
