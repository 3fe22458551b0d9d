#include "ctl/target.h"

#include <gtest/gtest.h>

namespace gatehouse::ctl {

namespace {

TEST(ctl_target, names_cannot_leave_their_place)
{
    EXPECT_EQ(target{"/v1/devices"}.segment("02:01").text(), "/v1/devices/02:01");
    EXPECT_EQ(target{"/v1"}.segment("a/b?c#d e").text(), "/v1/a%2Fb%3Fc%23d%20e");
    EXPECT_EQ(target{"/v1"}.segment("..").segment("x").text(), "/v1/%2E%2E/x");
    EXPECT_EQ(target{"/v1"}.segment("é\r\n").text(), "/v1/%C3%A9%0D%0A");
}

TEST(ctl_target, parameters_that_were_not_given_are_left_out)
{
    EXPECT_EQ(
        target{"/v1"}
            .parameter("a", std::string_view{"1&2"})
            .parameter("b", std::optional<std::string_view>{})
            .parameter("c", std::optional<std::string_view>{"="})
            .text(),
        "/v1?a=1%262&c=%3D"
    );
}

}  // namespace

}  // namespace gatehouse::ctl
