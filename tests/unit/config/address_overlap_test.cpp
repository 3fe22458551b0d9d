#include "config/address_overlap.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

TEST(addresses, are_covered_by_themselves_and_by_wildcards)
{
    endpoint const one{"127.0.0.1", 9000};
    endpoint const other{"127.0.0.2", 9000};
    endpoint const v4{"0.0.0.0", 9000};
    endpoint const v6{"::1", 9000};
    endpoint const all{"::", 9000};
    EXPECT_TRUE(covers(one, one));
    EXPECT_FALSE(covers(one, other));
    EXPECT_TRUE(covers(v4, one));
    EXPECT_FALSE(covers(one, v4));
    EXPECT_FALSE(covers(v4, v6));
    EXPECT_FALSE(covers(v4, all));
    for (auto const& each : {one, v4, v6, all})
        EXPECT_TRUE(covers(all, each)) << each.ip;
    EXPECT_TRUE(overlap(one, v4));
    EXPECT_TRUE(overlap(v4, one));
    EXPECT_FALSE(overlap(one, v6));
}

TEST(addresses, on_other_ports_have_nothing_to_do_with_each_other)
{
    EXPECT_FALSE(overlap({"::", 9000}, {"127.0.0.1", 9001}));
    EXPECT_FALSE(overlap({"127.0.0.1", 0}, {"127.0.0.1", 0}));
}

}  // namespace

}  // namespace gatehouse::config
