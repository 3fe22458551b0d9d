#include "ctl/rates.h"

#include <gtest/gtest.h>

namespace gatehouse::ctl {

namespace {

using std::chrono::seconds;

TEST(ctl_rates, two_samples_make_a_rate)
{
    std::chrono::steady_clock::time_point const start{};
    rates counted;
    counted.begin(start);
    EXPECT_EQ(counted.of("a", 100), std::nullopt);
    counted.begin(start + seconds{2});
    EXPECT_EQ(counted.of("a", 120), 10.0);
    EXPECT_EQ(counted.of("new", 5), std::nullopt);
    counted.begin(start + seconds{3});
    EXPECT_EQ(counted.of("a", 120), 0.0);
}

TEST(ctl_rates, a_counter_that_began_anew_has_none)
{
    std::chrono::steady_clock::time_point const start{};
    rates counted;
    counted.begin(start);
    static_cast<void>(counted.of("a", 100));
    counted.begin(start + seconds{1});
    EXPECT_EQ(counted.of("a", 3), std::nullopt);
    counted.forget();
    counted.begin(start + seconds{2});
    EXPECT_EQ(counted.of("a", 4), std::nullopt);
}

TEST(ctl_rates, two_samples_at_once_have_none)
{
    rates counted;
    counted.begin({});
    static_cast<void>(counted.of("a", 1));
    counted.begin({});
    EXPECT_EQ(counted.of("a", 2), std::nullopt);
}

}  // namespace

}  // namespace gatehouse::ctl
