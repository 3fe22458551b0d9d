#include "metrics/cells.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <thread>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using metrics::cell;
using metrics::handshake_bounds;
using metrics::histogram;

// The bucket that counted, when it was exactly one.
std::optional<std::size_t> bucket_of(duration taken)
{
    histogram measured;
    measured.observe(taken);
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < measured.buckets.size(); ++i) {
        if (measured.buckets[i].value() == 0)
            continue;
        if (found || measured.buckets[i].value() != 1)
            return std::nullopt;
        found = i;
    }
    return found;
}

TEST(cell, starts_at_nothing)
{
    EXPECT_EQ(cell{}.value(), 0U);
}

TEST(cell, goes_up_and_down)
{
    cell one;
    one.add();
    one.add(9);
    one.subtract();
    one.subtract(2);
    EXPECT_EQ(one.value(), 7U);
    one.set(3);
    EXPECT_EQ(one.value(), 3U);
}

TEST(cell, may_be_read_while_it_counts)
{
    constexpr std::uint64_t most = 200'000;
    cell one;
    std::thread writer{[&] {
        for (std::uint64_t i = 0; i < most; ++i)
            one.add();
    }};
    std::uint64_t seen = 0;
    while (seen < most) {
        auto const now = one.value();
        EXPECT_GE(now, seen);
        seen = now;
    }
    writer.join();
    EXPECT_EQ(one.value(), most);
}

TEST(cell, is_found_by_the_value_of_its_label)
{
    std::array<cell, 2> both;
    cell_of(both, metrics::direction::down).add();
    EXPECT_EQ(both[0].value(), 0U);
    EXPECT_EQ(both[1].value(), 1U);
}

TEST(histogram, bounds_rise)
{
    for (std::size_t i = 1; i < handshake_bounds.size(); ++i)
        EXPECT_LT(handshake_bounds[i - 1], handshake_bounds[i]);
}

// "le" is "less or equal".
TEST(histogram, a_bound_belongs_to_its_bucket)
{
    for (std::size_t i = 0; i < handshake_bounds.size(); ++i) {
        std::chrono::microseconds const bound{handshake_bounds[i]};
        EXPECT_EQ(bucket_of(bound - 1us), i);
        EXPECT_EQ(bucket_of(bound), i);
        EXPECT_EQ(bucket_of(bound + 1us), i + 1);
    }
}

TEST(histogram, nothing_is_too_short_or_too_long)
{
    EXPECT_EQ(bucket_of(0us), 0U);
    EXPECT_EQ(bucket_of(999ns), 0U);
    EXPECT_EQ(bucket_of(24h * 365), handshake_bounds.size());
    EXPECT_EQ(bucket_of(duration::max()), handshake_bounds.size());
}

TEST(histogram, a_clock_that_went_backwards_counts_as_no_time)
{
    histogram measured;
    measured.observe(-5s);
    EXPECT_EQ(measured.buckets[0].value(), 1U);
    EXPECT_EQ(measured.sum.value(), 0U);
}

TEST(histogram, adds_up_what_it_saw)
{
    histogram measured;
    measured.observe(3ms);
    measured.observe(4ms);
    measured.observe(20s);
    EXPECT_EQ(measured.sum.value(), 20'007'000U);
}

TEST(listener_cells, have_a_cell_for_each_label_value)
{
    metrics::listener_cells const cells;
    EXPECT_EQ(cells.handshakes.size(), metrics::handshake_result_names.size());
    EXPECT_EQ(cells.closed.size(), end_reason_names.size());
    EXPECT_EQ(cells.messages.size(), metrics::direction_names.size());
    EXPECT_EQ(cells.message_bytes.size(), metrics::direction_names.size());
    EXPECT_EQ(cells.rejected.size(), metrics::rejection_names.size());
}

}  // namespace
}  // namespace gatehouse::test
