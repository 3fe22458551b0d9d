// lib/gateway/timer_wheel.cpp against a multimap.
#include "gateway/timer_wheel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr auto tick = std::chrono::duration_cast<duration>(timer_wheel::tick_length);
constexpr time_point start{987'654'321'987ns};

class world;

class member final : public timed {
public:
    member(world& home, int name) : home_{home}, name_{name} {}
    time_point on_due(time_point now) override;
    time_point due = never;

private:
    world& home_;
    int name_;
};

// Items with deadlines in a wheel and, beside it, in a multimap.
class world {
public:
    explicit world(std::uint64_t seed) : draw_{seed} {}

    void step()
    {
        auto const choice = chance(100);
        if (choice < 30)
            create();
        else if (choice < 55)
            reschedule();
        else if (choice < 62)
            destroy();
        else if (choice < 90)
            wake();
        else if (choice < 98)
            advance(now_ + duration{chance(20 * tick.count())});
        else
            advance(now_ + distance());
    }

    // Everything that has a deadline strikes in time.
    void run_dry()
    {
        dying_ = true;
        for (int wakes = 0; wheel_.next_due() != never; ++wakes) {
            ASSERT_LT(wakes, 100'000);
            wake();
        }
        EXPECT_TRUE(expected_.empty());
    }

    int struck() const { return struck_; }
    int destroyed_in_passing() const { return destroyed_in_passing_; }

    // Called by an item that the wheel asks.
    time_point ask(int name, time_point now)
    {
        EXPECT_EQ(now, now_);
        auto const found = members_.find(name);
        EXPECT_NE(found, members_.end()) << "asked after its death: " << name;
        if (found == members_.end())
            return never;
        auto& item = *found->second;
        if (now < item.due)
            return item.due;
        ++struck_;
        if (exact_) {
            EXPECT_LE(now - std::max(item.due, filed_.at(name)), tick) << name;
        }
        expect(name, item, never);
        meddle(name);
        if (!dying_ && chance(2) == 0)
            expect(name, item, now_ + distance());
        return item.due;
    }

private:
    std::int64_t chance(std::int64_t below)
    {
        return std::uniform_int_distribution<std::int64_t>{0, below - 1}(draw_);
    }

    // From nothing to half a year, evenly in its magnitude.
    duration distance()
    {
        auto const magnitude = chance(54);
        return duration{chance(std::int64_t{2} << magnitude)};
    }

    void expect(int name, member& item, time_point due)
    {
        forget(name, item);
        item.due = due;
        filed_[name] = now_;
        if (due != never)
            expected_.emplace(due, name);
    }

    void forget(int name, member const& item)
    {
        auto const [from, to] = expected_.equal_range(item.due);
        auto const found =
            std::find_if(from, to, [&](auto const& one) { return one.second == name; });
        if (found != to)
            expected_.erase(found);
    }

    void create()
    {
        auto const name = next_++;
        auto& item = *members_.emplace(name, std::make_unique<member>(*this, name)).first->second;
        expect(name, item, now_ + distance());
        wheel_.schedule(item, item.due);
    }

    // Some living item, but not `except`.
    int any(int except = -1)
    {
        if (members_.empty())
            return -1;
        auto found = members_.lower_bound(static_cast<int>(chance(next_)));
        if (found == members_.end())
            found = members_.begin();
        return found->first == except ? -1 : found->first;
    }

    void reschedule(int except = -1)
    {
        auto const name = any(except);
        if (name < 0)
            return;
        auto& item = *members_.at(name);
        expect(name, item, now_ + distance());
        wheel_.schedule(item, item.due);
    }

    bool destroy(int except = -1)
    {
        auto const name = any(except);
        if (name < 0)
            return false;
        forget(name, *members_.at(name));
        members_.erase(name);
        return true;
    }

    // What sessions do to each other when a deadline strikes.
    void meddle(int name)
    {
        auto const choice = chance(10);
        if (choice < 2)
            destroyed_in_passing_ += destroy(name) ? 1 : 0;
        else if (choice < 4 && !dying_)
            reschedule(name);
        else if (choice < 5 && !dying_)
            create();
    }

    void wake()
    {
        auto const next = wheel_.next_due();
        if (next == never)
            return;
        // Nothing may be due a whole tick before the wheel says so.
        if (!expected_.empty())
            ASSERT_LE(next, std::max(expected_.begin()->first, now_) + tick);
        exact_ = true;
        advance(std::max(next, now_));
        exact_ = false;
    }

    void advance(time_point to)
    {
        now_ = to;
        wheel_.advance(now_);
        // All that was due by the last whole tick has struck, or was filed since.
        auto const whole = start_ + (now_ - start_) / tick * tick;
        for (auto const& [due, name] : expected_) {
            if (due > whole)
                break;
            ASSERT_GE(filed_.at(name) + tick, now_) << "item " << name << " was forgotten";
        }
    }

    std::mt19937_64 draw_;
    time_point start_ = start;
    time_point now_ = start;
    timer_wheel wheel_{start};
    std::map<int, std::unique_ptr<member>> members_;
    std::multimap<time_point, int> expected_;
    std::map<int, time_point> filed_;
    int next_ = 0;
    int struck_ = 0;
    int destroyed_in_passing_ = 0;
    bool exact_ = false;
    bool dying_ = false;
};

time_point member::on_due(time_point now)
{
    return home_.ask(name_, now);
}

TEST(timer_wheel_model, every_deadline_strikes_in_time_whatever_else_happens)
{
    constexpr std::uint64_t seeds = 60;
    for (std::uint64_t seed = 1; seed <= seeds && !HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        world all{seed};
        for (int step = 0; step < 3'000 && !HasFailure(); ++step)
            all.step();
        all.run_dry();
        // Were these false, the trial would not have tried much.
        EXPECT_GT(all.struck(), 100);
        EXPECT_GT(all.destroyed_in_passing(), 10);
    }
}

}  // namespace
}  // namespace gatehouse::test
