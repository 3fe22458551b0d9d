#include "identity/key_names.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using names_list = std::vector<std::string>;

TEST(key_names, are_numbered_as_they_come)
{
    identity::key_names names{{}};
    EXPECT_EQ(names.intern("b"), 0U);
    EXPECT_EQ(names.intern("a"), 1U);
    EXPECT_EQ(names.intern("b"), 0U);
    EXPECT_EQ(names[1], "a");
    EXPECT_EQ(names.take(), (names_list{"b", "a"}));
}

TEST(key_names, keep_their_numbers_from_snapshot_to_snapshot)
{
    identity::key_names names{{"2025", "2026", "2024"}};
    EXPECT_EQ(names.intern("2027"), 3U);
    EXPECT_EQ(names.intern("2026"), 1U);
    EXPECT_EQ(names.take(), (names_list{"2025", "2026", "2024", "2027"}));
}

}  // namespace
}  // namespace gatehouse::test
