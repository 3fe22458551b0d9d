#include "base/time.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

TEST(later, adds)
{
    time_point const from{std::chrono::hours{3}};
    EXPECT_EQ(later(from, std::chrono::seconds{5}), from + std::chrono::seconds{5});
    EXPECT_EQ(later(from, duration::zero()), from);
}

TEST(later, stops_at_never)
{
    time_point const from{std::chrono::hours{3}};
    EXPECT_EQ(later(from, duration::max()), never);
    EXPECT_EQ(later(never, std::chrono::seconds{1}), never);
    EXPECT_EQ(later(from, never - from), never);
    EXPECT_LT(later(from, never - from - duration{1}), never);
}

}  // namespace
}  // namespace gatehouse::test
