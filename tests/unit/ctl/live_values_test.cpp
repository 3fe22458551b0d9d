#include "ctl/live_values.h"

#include <gtest/gtest.h>

namespace gatehouse::ctl {

namespace {

TEST(ctl_live_values, only_harmless_ones_are_offered_to_a_shell)
{
    for (auto const* const good : {"02:00:00:00:00:01", "2026-11", "meter_4", "a@b.c+d"})
        EXPECT_TRUE(is_harmless(good)) << good;
    for (auto const* const bad : {"", "$(x)", "a b", "-rf", "a;b", "*", "a\nb", "\x1b[0m", "é"})
        EXPECT_FALSE(is_harmless(bad)) << bad;
}

}  // namespace

}  // namespace gatehouse::ctl
