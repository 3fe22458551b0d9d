#include "base/user_group.h"

#include <gtest/gtest.h>

namespace gatehouse {

namespace {

TEST(user_group, is_found_by_its_name)
{
    EXPECT_EQ(group_by_name("root"), ::gid_t{0});
}

TEST(user_group, nobody_has_made_is_not_found)
{
    EXPECT_EQ(group_by_name("no such group"), std::nullopt);
    EXPECT_EQ(group_by_name(""), std::nullopt);
}

}  // namespace

}  // namespace gatehouse
