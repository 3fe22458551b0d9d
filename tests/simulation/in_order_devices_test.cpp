// Devices of 0.4.7 and 0.5, which take frames in exact order and know a repetition only when they
// have opened the frame, on a path that loses a fifth of all datagrams in both directions.
//
// What bounds the life of their sessions is their own: a frame of theirs is transmitted five times,
// and a client that gives it up is dead. All five are lost with 0.2^5, once in 3125 frames. An
// acknowledgement that the gateway sends once would make that (1 - 0.8 x 0.8)^5, once in 165; sent
// three times, once in 2700. Besides, a frame for the device may come again while it still waits
// for an acknowledgement that was lost three times, together with its next repetition: more seldom.
#include "simulation/fleet.h"
#include "simulation/talker.h"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <iostream>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr unsigned devices_that_talk = 8;
constexpr double loss = 0.2;

// One gateway, and devices of one release that talk to it.
class parlour {
public:
    struct behaviour {
        talker_behaviour talkers;
        duration longest_delay = 50ms;
        duration pushes_every{};  // messages that no device asked for; 0 is none
    };

    parlour(char const* release, behaviour const& how, std::uint64_t seed)
        : random_{seed}
        , how_{how}
        , path_{{.loss = loss, .shortest = 1ms, .longest = how.longest_delay}, random_()}
    {
        auto setup = fleet_world(devices_that_talk);
        for (std::uint32_t number = 0; number < devices_that_talk; ++number)
            uplink_.emplace_back(number);
        gateway_.emplace(
            setup,
            gateway_behaviour{.answers = true, .devices_open_first = false},
            path_,
            uplink_,
            random_()
        );
        auto const& kind = *device::find_usmp_release(release);
        for (unsigned number = 0; number < devices_that_talk; ++number)
            talkers_.emplace_back(
                device_settings(kind, number),
                how.talkers,
                path_,
                *gateway_,
                uplink_[number],
                random_()
            );
    }

    void live(std::size_t messages)
    {
        while (said() < messages && !testing::Test::HasFailure()) {
            auto due = std::min({path_.next(), gateway_->next(), next_push_});
            for (auto const& each : talkers_)
                due = std::min(due, each.next());
            now_ = std::max(now_, due);
            step();
        }
        gateway_->close(now_);
    }

    talker::tally total() const
    {
        talker::tally all;
        for (auto const& each : talkers_) {
            all.sessions += each.counted().sessions;
            all.unheard += each.counted().unheard;
            all.confused += each.counted().confused;
            all.dismissed += each.counted().dismissed;
            all.answers += each.counted().answers;
        }
        return all;
    }

    std::size_t said() const
    {
        std::size_t all = 0;
        for (auto const& ledger : uplink_)
            all += ledger.said();
        return all;
    }

private:
    void step()
    {
        while (path_.next() <= now_)
            arrive(path_.take());
        if (gateway_->next() <= now_)
            gateway_->on_due(now_);
        for (auto& each : talkers_)
            if (each.next() <= now_)
                each.on_due(now_);
        if (next_push_ > now_)
            return;
        gateway_->send_to_somebody(now_, random_() % 200);
        next_push_ = now_ + how_.pushes_every;
    }

    void arrive(flying_datagram const& came)
    {
        if (came.to == datagram_gateway::address())
            gateway_->receive(now_, came.from, came.data);
        for (auto& each : talkers_)
            if (each.address() == came.to)
                each.receive(now_, came.data);
    }

    std::mt19937_64 random_;
    behaviour how_;
    datagram_path path_;
    std::vector<message_ledger> uplink_;
    std::optional<datagram_gateway> gateway_;
    std::deque<talker> talkers_;
    time_point now_ = time_point{} + 1h;
    time_point next_push_ = how_.pushes_every > 0s ? now_ + how_.pushes_every : never;
};

talker::tally talk(parlour::behaviour const& how, std::size_t messages)
{
    auto const seed =
        static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed()) + 1;
    talker::tally all;
    for (auto const* release : {"0.4.7", "0.5"}) {
        SCOPED_TRACE(release);
        parlour space{release, how, seed};
        space.live(messages);
        auto const seen = space.total();
        std::cout << release << ", seed " << seed << ": " << space.said() << " messages, "
                  << seen.answers << " answers, " << seen.sessions << " sessions, " << seen.unheard
                  << " unheard, " << seen.confused << " confused, " << seen.dismissed
                  << " dismissed\n";
        all.sessions += seen.sessions;
        all.unheard += seen.unheard;
        all.confused += seen.confused;
        all.dismissed += seen.dismissed;
        all.answers += seen.answers;
    }
    return all;
}

constexpr std::size_t messages = 10'000;  // of each release

// Question and answer: the bounds are a few times what is to be expected, as the seed is another
// each time. When frames were repeated as for later releases, a session lived for a dozen messages.
TEST(in_order_devices, live_as_long_as_their_own_five_transmissions_let_them)
{
    auto const seen = talk({}, messages);
    EXPECT_LE(seen.confused, 4 * messages / 1000);
    EXPECT_LE(seen.unheard, 4 * messages / 1000);
    EXPECT_EQ(seen.dismissed, 0U);
}

}  // namespace
}  // namespace gatehouse::test
