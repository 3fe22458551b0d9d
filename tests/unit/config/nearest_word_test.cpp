#include "config/nearest_word.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace gatehouse::config {

namespace {

constexpr std::array<std::string_view, 4> known{"idle_timeout", "bind", "name", "backend"};

TEST(nearest_word, finds_what_was_meant)
{
    EXPECT_EQ(nearest_word("idle_timout", known), "idle_timeout");
    EXPECT_EQ(nearest_word("idle-timeout", known), "idle_timeout");
    EXPECT_EQ(nearest_word("nmae", known), "name");
    EXPECT_EQ(nearest_word("backends", known), "backend");
}

TEST(nearest_word, is_empty_when_nothing_is_near)
{
    EXPECT_EQ(nearest_word("workers", known), "");
    EXPECT_EQ(nearest_word("", known), "");
    EXPECT_EQ(nearest_word(std::string(100'000, 'x'), known), "");
    EXPECT_EQ(nearest_word("name", {}), "");
}

}  // namespace

}  // namespace gatehouse::config
