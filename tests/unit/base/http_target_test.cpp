// lib/base/http_target.h: the forms of a request's target.
#include "base/http_target.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

TEST(http_target, the_path_of_an_absolute_form)
{
    EXPECT_EQ(origin_form("http://host/metrics"), "/metrics");
    EXPECT_EQ(origin_form("HTTPS://host:9464/v1/keys?x=/"), "/v1/keys?x=/");
    EXPECT_EQ(origin_form("http://user@[::1]:80/a/b"), "/a/b");
    EXPECT_EQ(origin_form("http:///metrics"), "/metrics");
    EXPECT_EQ(origin_form("http://host"), "/");
    EXPECT_EQ(origin_form("http://"), "/");
    EXPECT_EQ(origin_form("http://host?a"), "?a");
}

TEST(http_target, other_forms_are_left_as_they_are)
{
    for (auto const* target :
         {"", "/", "/metrics", "//host/metrics", "*", "host:80", "http:/", "ftp://host/x", "http"})
        EXPECT_EQ(origin_form(target), target);
}

}  // namespace
}  // namespace gatehouse::test
