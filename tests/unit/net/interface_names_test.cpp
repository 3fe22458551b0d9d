#include "net/interface_names.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

TEST(interface_names, localhost_is_the_loopback_address)
{
    EXPECT_EQ(interface_names{}.find("localhost").ip, "127.0.0.1");
}

TEST(interface_names, an_interface_is_its_first_address)
{
    EXPECT_EQ(interface_names{}.find("lo").ip, "127.0.0.1");
    EXPECT_EQ(interface_names{}.find("lo").why, "");
}

TEST(interface_names, others_are_none_and_hear_which_there_are)
{
    for (auto const* const wrong : {"eth99", "gateway.example.org", "Localhost"}) {
        auto const found = interface_names{}.find(wrong);
        EXPECT_EQ(found.ip, "") << wrong;
        EXPECT_NE(found.why.find("it has"), std::string::npos) << found.why;
        EXPECT_NE(found.why.find("lo"), std::string::npos) << found.why;
    }
}

}  // namespace
}  // namespace gatehouse::test
