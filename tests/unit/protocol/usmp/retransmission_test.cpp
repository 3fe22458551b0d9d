#include "protocol/usmp/retransmission.h"

#include <gtest/gtest.h>

#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::retransmission;
using usmp::round_trip;
using verdict = retransmission::verdict;

constexpr time_point start = time_point{} + 1h;

// When the frame goes out again, and when it is given up, since the first time.
struct course {
    std::vector<duration> repeats;
    duration given_up{};
};

course run(round_trip const& measured, duration patience)
{
    retransmission clock;
    clock.begin(start, measured, patience);
    course made;
    for (int i = 0; i < 20; ++i) {
        auto const now = clock.due();
        EXPECT_EQ(clock.judge(now - 1ns, measured), verdict::wait);
        auto const judged = clock.judge(now, measured);
        if (judged == verdict::repeat)
            made.repeats.push_back(now - start);
        if (judged == verdict::give_up) {
            made.given_up = now - start;
            return made;
        }
    }
    ADD_FAILURE() << "no end";
    return made;
}

TEST(retransmission, does_not_run_before_it_begins)
{
    retransmission const clock;
    EXPECT_FALSE(clock.running());
    EXPECT_EQ(clock.due(), never);
}

TEST(retransmission, five_transmissions_with_doubled_waits)
{
    auto const seen = run({}, 0s);
    EXPECT_EQ(seen.repeats, (std::vector<duration>{500ms, 1500ms, 3500ms, 7500ms}));
    EXPECT_EQ(seen.given_up, 12500ms);
}

TEST(retransmission, patience_is_kept_on_a_fast_path)
{
    round_trip fast;
    for (int i = 0; i < 100; ++i)
        fast.sample(1ms);
    auto const impatient = run(fast, 0s);
    EXPECT_EQ(impatient.repeats, (std::vector<duration>{100ms, 300ms, 700ms, 1500ms}));
    EXPECT_EQ(impatient.given_up, 3100ms);
    auto const patient = run(fast, 12s);
    EXPECT_EQ(patient.repeats, impatient.repeats);
    EXPECT_EQ(patient.given_up, 12s);
}

TEST(retransmission, a_slow_path_may_take_longer_than_patience)
{
    round_trip slow;
    for (int i = 0; i < 100; ++i)
        slow.sample(5s);
    EXPECT_EQ(run(slow, 12s).given_up, 25s);
}

TEST(retransmission, a_late_call_does_not_skip_a_transmission)
{
    retransmission clock;
    clock.begin(start, {}, 0s);
    auto now = start + 1h;
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(clock.judge(now, {}), verdict::repeat);
        EXPECT_GT(clock.due(), now);
        now += 1h;
    }
    EXPECT_EQ(clock.judge(now, {}), verdict::give_up);
}

TEST(retransmission, only_the_first_transmission_is_a_sample)
{
    round_trip measured;
    retransmission clock;
    clock.begin(start, measured, 0s);
    clock.acknowledged(start + 400ms, measured);
    EXPECT_FALSE(clock.running());
    EXPECT_EQ(measured.timeout(1), 725ms);

    round_trip unmeasured;
    clock.begin(start, unmeasured, 0s);
    EXPECT_EQ(clock.judge(start + 500ms, unmeasured), verdict::repeat);
    clock.acknowledged(start + 510ms, unmeasured);
    EXPECT_FALSE(clock.running());
    EXPECT_EQ(unmeasured.timeout(1), 500ms);
}

TEST(retransmission, may_be_stopped_and_begun_again)
{
    retransmission clock;
    clock.begin(start, {}, 0s);
    clock.stop();
    EXPECT_FALSE(clock.running());
    EXPECT_EQ(clock.judge(start + 1h, {}), verdict::wait);
    clock.begin(start + 1h, {}, 0s);
    EXPECT_EQ(clock.due(), start + 1h + 500ms);
}

TEST(retransmission, may_be_hurried_but_not_delayed)
{
    retransmission clock;
    clock.begin(start, {}, 0s);
    clock.hurry(start + 1s);
    EXPECT_EQ(clock.due(), start + 500ms);
    clock.hurry(start + 100ms);
    EXPECT_EQ(clock.due(), start + 100ms);
}

}  // namespace
}  // namespace gatehouse::test
