#include "protocol/usmp/owed_acks.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using usmp::owed_acks;
using key_age = owed_acks::key_age;

TEST(owed_acks, are_taken_in_their_order)
{
    owed_acks owed;
    EXPECT_TRUE(owed.empty());
    for (std::uint32_t i = 0; i < usmp::limits::awaiting_backend; ++i) {
        EXPECT_FALSE(owed.full());
        owed.add(10 + i, key_age::current);
    }
    EXPECT_TRUE(owed.full());
    for (std::uint32_t i = 0; i < usmp::limits::awaiting_backend; ++i) {
        EXPECT_TRUE(owed.has(10 + i, key_age::current));
        EXPECT_EQ(owed.take().sequence, 10 + i);
        EXPECT_FALSE(owed.has(10 + i, key_age::current));
    }
    EXPECT_TRUE(owed.empty());
}

TEST(owed_acks, are_owed_under_a_key)
{
    owed_acks owed;
    owed.add(7, key_age::before);
    EXPECT_FALSE(owed.has(7, key_age::current));
    owed.add(7, key_age::current);
    EXPECT_TRUE(owed.has(7, key_age::current));
    EXPECT_TRUE(owed.has(7, key_age::before));
    EXPECT_EQ(owed.take().age, key_age::before);
    EXPECT_EQ(owed.take().age, key_age::current);
}

TEST(owed_acks, keys_get_old_with_each_change)
{
    owed_acks owed;
    owed.add(1, key_age::before);
    owed.add(2, key_age::current);
    owed.change_keys();
    owed.add(2, key_age::current);
    EXPECT_TRUE(owed.has(2, key_age::before));
    EXPECT_EQ(owed.take().age, key_age::lost);
    EXPECT_EQ(owed.take().age, key_age::before);
    EXPECT_EQ(owed.take().age, key_age::current);
}

TEST(owed_acks, places_are_used_again)
{
    owed_acks owed;
    for (std::uint32_t i = 0; i < 100; ++i) {
        owed.add(i, key_age::current);
        if (i < 2)
            continue;
        EXPECT_EQ(owed.take().sequence, i - 2);
    }
}

}  // namespace
}  // namespace gatehouse::test
