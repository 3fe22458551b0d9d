// lib/net/open_handshakes.cpp against a list.
#include "net/open_handshakes.h"
#include "unit/net/handshake_owners.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <list>
#include <map>
#include <random>
#include <string>
#include <utility>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t sources = 12;

// What was added and not removed, oldest first.
class handshake_list {
public:
    struct entry {
        int who = nobody;
        time_point since;
        std::uint8_t source = 0;
        open_handshakes::slot place = 0;
    };

    void add(entry const& one) { all_.push_back(one); }

    entry remove(std::size_t nth)
    {
        auto const found = std::next(all_.begin(), static_cast<std::ptrdiff_t>(nth));
        auto const gone = *found;
        all_.erase(found);
        return gone;
    }

    std::size_t size() const { return all_.size(); }

    std::size_t count_of(std::uint8_t source) const
    {
        auto const of_source = [&](entry const& one) { return one.source == source; };
        return static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), of_source));
    }

    template <class Wanted>
    int first(Wanted wanted) const
    {
        auto const found = std::find_if(all_.begin(), all_.end(), wanted);
        return found == all_.end() ? nobody : found->who;
    }

    int oldest_before(time_point then) const
    {
        return first([&](entry const& one) { return one.since <= then; });
    }

    int oldest_of(std::uint8_t source, time_point then) const
    {
        return first([&](entry const& one) { return one.source == source && one.since <= then; });
    }

    int oldest_of_a_crowd(std::uint8_t newcomer) const
    {
        std::size_t looked_at = 0;
        std::size_t most = count_of(newcomer) + 1;
        int crowd = nobody;
        for (auto const& one : all_) {
            if (looked_at++ == open_handshakes::crowd_look)
                break;
            if (count_of(one.source) <= most)
                continue;
            most = count_of(one.source);
            crowd = one.source;
        }
        return crowd == nobody ? nobody : first([&](entry const& o) { return o.source == crowd; });
    }

    bool occupies(open_handshakes::slot place) const
    {
        return first([&](entry const& one) { return one.place == place; }) != nobody;
    }

private:
    std::list<entry> all_;
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
        if (model_.size() == 0 || (model_.size() < most && chance(100) < growth_))
            add();
        else
            remove();
        now_ += std::chrono::milliseconds{chance(3)};
        most_at_once_ = std::max(most_at_once_, model_.size());
        compare();
    }

    std::size_t most_at_once() const { return most_at_once_; }
    std::size_t crowds() const { return crowds_; }

    static constexpr std::size_t most = 80;

private:
    std::uint64_t chance(std::uint64_t below)
    {
        return std::uniform_int_distribution<std::uint64_t>{0, below - 1}(draw_);
    }

    std::uint8_t some_source()
    {
        return static_cast<std::uint8_t>(flood_ && chance(4) > 0 ? 0 : chance(sources));
    }

    void add()
    {
        auto const from = some_source();
        auto const who = next_++;
        auto const place = open_.add({owner(who), now_, host(from)});
        ASSERT_FALSE(model_.occupies(place)) << "two in one place";
        ASSERT_LT(place, std::max(most_at_once_, model_.size() + 1)) << "a free place was left";
        model_.add({who, now_, from, place});
    }

    // Mostly old ones, which time out, and young ones, which are done soon.
    void remove()
    {
        auto const last = model_.size() - 1;
        auto const choice = chance(4);
        auto const nth = choice == 0 ? 0 : choice == 1 ? last : chance(model_.size());
        open_.remove(model_.remove(nth).place);
    }

    void compare()
    {
        ASSERT_EQ(open_.size(), model_.size());
        ASSERT_EQ(number_of(open_.any()), model_.oldest_before(never));
        auto const then = now_ - std::chrono::milliseconds{chance(100)};
        ASSERT_EQ(number_of(open_.oldest_before(then)), model_.oldest_before(then));
        for (std::uint8_t each = 0; each <= sources; ++each) {
            ASSERT_EQ(open_.count_of(source(each)), model_.count_of(each));
            ASSERT_EQ(number_of(open_.oldest_of(source(each), then)), model_.oldest_of(each, then));
        }
        auto const newcomer = some_source();
        auto const of_a_crowd = model_.oldest_of_a_crowd(newcomer);
        ASSERT_EQ(number_of(open_.oldest_of_a_crowd(source(newcomer))), of_a_crowd);
        crowds_ += of_a_crowd == nobody ? 0 : 1;
    }

    std::mt19937_64 draw_;
    time_point now_{1'000s};
    open_handshakes open_{most};
    handshake_list model_;
    std::uint64_t growth_ = 60;
    bool flood_ = false;
    int next_ = 0;
    std::size_t most_at_once_ = 0;
    std::size_t crowds_ = 0;
};

TEST(open_handshakes_model, whatever_comes_and_goes_the_same_one_makes_way)
{
    constexpr std::uint64_t seeds = 20;
    for (std::uint64_t seed = 1; seed <= seeds && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        world all{seed};
        for (int step = 0; step < 3'000 && !testing::Test::HasFailure(); ++step)
            all.step();
        // Were these false, the trial would not have tried much.
        EXPECT_EQ(all.most_at_once(), world::most);
        EXPECT_GT(all.crowds(), 500U);
    }
}

}  // namespace
}  // namespace gatehouse::test
