#include "ctl/time_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace gatehouse::ctl {

namespace {

TEST(ctl_time_text, ages_have_two_units_at_most)
{
    EXPECT_EQ(age_text(0), "0s");
    EXPECT_EQ(age_text(4.2), "4s");
    EXPECT_EQ(age_text(9.97), "9s");
    EXPECT_EQ(age_text(42.9), "42s");
    EXPECT_EQ(age_text(60), "1m");
    EXPECT_EQ(age_text(12 * 60 + 59), "12m");
    EXPECT_EQ(age_text(3600), "1h");
    EXPECT_EQ(age_text(3 * 3600 + 5 * 60), "3h5m");
    EXPECT_EQ(age_text(3 * 86400 + 4 * 3600 + 59), "3d4h");
    EXPECT_EQ(age_text(120.5 * 86400), "120d");
    EXPECT_EQ(age_text(-5), "0s");
    EXPECT_EQ(age_text(std::numeric_limits<double>::quiet_NaN()), "0s");
    EXPECT_EQ(age_text(1e300), "11574074074d");
}

TEST(ctl_time_text, times_are_read_and_written)
{
    auto const now = std::chrono::system_clock::from_time_t(1'795'374'000);
    EXPECT_EQ(time_text(now), "2026-11-22T19:00:00Z");
    EXPECT_EQ(seconds_since("2026-11-22T19:00:00Z", now), 0.0);
    EXPECT_EQ(seconds_since("2026-11-21T18:59:30Z", now), 86430.0);
    EXPECT_EQ(seconds_since("2026-11-22T18:59:59.250Z", now), 1.0);
    for (auto const* const wrong : {"", "yesterday", "2026-11-22", "2026-11-22T19:00:00+01:00"})
        EXPECT_EQ(seconds_since(wrong, now), std::nullopt) << wrong;
}

TEST(ctl_time_text, rates_and_sizes_are_short)
{
    EXPECT_EQ(rate_text(0), "0.0");
    EXPECT_EQ(rate_text(12.54), "12.5");
    EXPECT_EQ(rate_text(1830.2), "1830");
    EXPECT_EQ(count_of(0, "device"), "0 devices");
    EXPECT_EQ(count_of(1, "device"), "1 device");
    EXPECT_EQ(count_of(1830, "device"), "1830 devices");
    EXPECT_EQ(size_text(0), "0 B");
    EXPECT_EQ(size_text(1023), "1023 B");
    EXPECT_EQ(size_text(4096), "4.0 KiB");
    EXPECT_EQ(size_text(1.5 * 1024 * 1024 * 1024), "1.5 GiB");
}

}  // namespace

}  // namespace gatehouse::ctl
