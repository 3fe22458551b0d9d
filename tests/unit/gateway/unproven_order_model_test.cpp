// lib/gateway/unproven_order.cpp against a list.
#include "gateway/unproven_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <list>
#include <optional>
#include <random>
#include <string>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using slot = unproven_order::slot;

constexpr std::uint64_t networks = 5;
constexpr std::uint64_t addresses = 4;

peer_address host(std::uint64_t number)
{
    return peer_address::v4(
        {10, 0, static_cast<std::uint8_t>(number / addresses), static_cast<std::uint8_t>(number)}, 1
    );
}

// What was added and not removed, oldest first.
struct entry {
    time_point since;
    std::uint64_t from = 0;
    slot location = 0;
};

class world {
public:
    explicit world(std::uint64_t seed) : draw_{seed} {}

    // Now they become more, now fewer; sometimes one source is a flood.
    void step()
    {
        if (chance(200) == 0)
            growth_ = chance(101);
        if (chance(100) == 0)
            flood_ = chance(2) == 0;
        if (all_.empty() || (all_.size() < most && chance(100) < growth_))
            add();
        else
            remove();
        now_ += std::chrono::milliseconds{chance(3)};
        compare();
    }

    std::size_t crowds() const { return crowds_; }

private:
    static constexpr std::size_t most = 80;

    std::uint64_t chance(std::uint64_t below)
    {
        return std::uniform_int_distribution<std::uint64_t>{0, below - 1}(draw_);
    }

    std::uint64_t some_source()
    {
        return flood_ && chance(4) > 0 ? 0 : chance(networks * addresses);
    }

    void add()
    {
        auto const from = some_source();
        auto const location = order_.add(now_, host(from));
        ASSERT_TRUE(std::none_of(all_.begin(), all_.end(), [&](auto const& one) {
            return one.location == location;
        })) << "two in one place";
        all_.push_back({now_, from, location});
    }

    // Mostly old ones, which time out, and young ones, which are done soon.
    void remove()
    {
        auto const choice = chance(4);
        auto const nth = choice == 0 ? 0 : choice == 1 ? all_.size() - 1 : chance(all_.size());
        auto const gone = std::next(all_.begin(), static_cast<std::ptrdiff_t>(nth));
        order_.remove(gone->location);
        all_.erase(gone);
    }

    template <class Wanted>
    std::size_t count(Wanted wanted) const
    {
        return static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), wanted));
    }
    std::size_t of_address(std::uint64_t from) const
    {
        return count([&](entry const& one) { return one.from == from; });
    }
    std::size_t of_network(std::uint64_t from) const
    {
        return count([&](entry const& one) { return one.from / addresses == from / addresses; });
    }

    template <class Wanted>
    std::optional<slot> first(Wanted wanted) const
    {
        auto const found = std::find_if(all_.begin(), all_.end(), wanted);
        return found == all_.end() ? std::nullopt : std::optional{found->location};
    }

    entry const& at(slot location) const
    {
        return *std::find_if(all_.begin(), all_.end(), [&](entry const& one) {
            return one.location == location;
        });
    }

    void compare()
    {
        ASSERT_EQ(order_.size(), all_.size());
        auto const then = now_ - std::chrono::milliseconds{chance(100)};
        ASSERT_EQ(order_.oldest_before(then), first([&](entry const& one) {
                      return one.since <= then;
                  }));
        for (std::uint64_t from = 0; from < networks * addresses; ++from) {
            auto const source = source_of(host(from));
            ASSERT_EQ(order_.count_of(source), of_address(from));
            ASSERT_EQ(order_.oldest_of(source, then), first([&](entry const& one) {
                          return one.from == from && one.since <= then;
                      }));
        }
        for (std::uint64_t from = 0; from < networks * addresses; from += addresses) {
            ASSERT_EQ(order_.count_in_network(host(from)), of_network(from));
            ASSERT_EQ(order_.oldest_of_network(host(from), then), first([&](entry const& one) {
                          return one.from / addresses == from / addresses && one.since <= then;
                      }));
        }
        compare_crowd(some_source());
    }

    // Several may crowd alike: then it is any of them.
    void compare_crowd(std::uint64_t newcomer)
    {
        std::size_t largest = 0;
        for (auto const& one : all_)
            largest = std::max(largest, of_network(one.from));
        bool const of_others = largest > of_network(newcomer) + 1;
        std::size_t most_there = 0;
        for (auto const& one : all_)
            if (one.from / addresses == newcomer / addresses)
                most_there = std::max(most_there, of_address(one.from));
        auto const goes = order_.oldest_of_a_crowd(host(newcomer));
        ASSERT_EQ(goes.has_value(), of_others || most_there > of_address(newcomer) + 1);
        if (!goes)
            return;
        ++crowds_;
        auto const from = at(*goes).from;
        ASSERT_EQ(goes, first([&](entry const& one) { return one.from == from; })) << "the oldest";
        if (of_others)
            ASSERT_EQ(of_network(from), largest);
        else
            ASSERT_EQ(from / addresses, newcomer / addresses);
        for (auto const& one : all_)
            if (one.from / addresses == from / addresses)
                ASSERT_LE(of_address(one.from), of_address(from));
    }

    std::mt19937_64 draw_;
    time_point now_{1'000s};
    unproven_order order_{most};
    std::list<entry> all_;
    std::uint64_t growth_ = 60;
    bool flood_ = false;
    std::size_t crowds_ = 0;
};

TEST(unproven_order_model, whatever_comes_and_goes_the_same_one_makes_way)
{
    constexpr std::uint64_t seeds = 10;
    for (std::uint64_t seed = 1; seed <= seeds && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        world all{seed};
        for (int step = 0; step < 2'000 && !testing::Test::HasFailure(); ++step)
            all.step();
        EXPECT_GT(all.crowds(), 200U) << "the trial has not tried much";
    }
}

}  // namespace
}  // namespace gatehouse::test
