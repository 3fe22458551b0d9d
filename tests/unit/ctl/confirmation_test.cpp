#include "ctl/confirmation.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::ctl {

namespace {

struct person {
    std::string answer;
    int asked = 0;

    line_source ear()
    {
        return [this] {
            ++asked;
            return answer;
        };
    }
};

TEST(ctl_confirmation, people_are_asked_once)
{
    for (auto const* const yes : {"y", "Y", "yes", "Yes", "YES"}) {
        person asked{yes};
        EXPECT_TRUE(is_confirmed(assent::open, stream_kind::terminal, asked.ear())) << yes;
        EXPECT_EQ(asked.asked, 1);
    }
    for (auto const* const no : {"", "n", "no", "yep", " y", "yes please"}) {
        person asked{no};
        EXPECT_FALSE(is_confirmed(assent::open, stream_kind::terminal, asked.ear())) << no;
    }
}

TEST(ctl_confirmation, scripts_and_those_who_said_yes_are_not)
{
    person asked{"n"};
    EXPECT_TRUE(is_confirmed(assent::open, stream_kind::other, asked.ear()));
    EXPECT_TRUE(is_confirmed(assent::given, stream_kind::terminal, asked.ear()));
    EXPECT_TRUE(is_confirmed(assent::given, stream_kind::other, asked.ear()));
    EXPECT_EQ(asked.asked, 0);
}

}  // namespace

}  // namespace gatehouse::ctl
