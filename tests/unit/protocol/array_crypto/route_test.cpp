// lib/protocol/array_crypto/route.h and device_list.h: whose request it is.
#include "base/base64.h"
#include "protocol/array_crypto/route.h"
#include "support/array_crypto_world.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using array_crypto::endpoint;
using array_crypto::profile;
using array_crypto::request_head;
using array_crypto::routed;
using array_crypto::status;
using array_crypto::verb;

std::string basic(std::string const& text)
{
    byte_string encoded(base64_size(text.size()));
    to_base64(as_bytes(text), encoded);
    return "Basic " + text_of(encoded);
}

class array_crypto_route : public testing::Test {
protected:
    routed ask(verb method, std::string_view path, std::string const& authorization = {})
    {
        request_head head;
        head.method = method;
        head.path = path;
        head.authorization = authorization;
        return find_route(devices, head, now);
    }

    std::string device_of(routed const& found) { return found.found->of->name.text(); }

    wall_time now{std::chrono::seconds{1'800'000'000}};
    array_crypto::device_list devices = make_device_list(
        {{"a", profile::v1, "/dev/a"},
         {"b", profile::v2, "/dev/b", "b's secret", "b's password"},
         {"root", profile::v2, ""},
         {"c", profile::v2, "", "c's secret", "c:s password"},
         {"d", profile::v2, "", "d's secret", "d's password"},
         {.name = "gone", .prefix = "/gone", .mark = identity::key_mark::revoked},
         {.name = "late",
          .prefix = "/late",
          .window = {wall_time{std::chrono::seconds{1'900'000'000}}, wall_time::max()}}}
    );
};

TEST_F(array_crypto_route, a_prefix_names_its_device)
{
    auto const found = ask(verb::get, "/dev/a/snapshot");
    ASSERT_TRUE(found.found);
    EXPECT_EQ(device_of(found), "a");
    EXPECT_EQ(found.found->to, endpoint::snapshot);
    EXPECT_EQ(ask(verb::post, "/dev/a/handshake").found->to, endpoint::handshake);
    EXPECT_EQ(ask(verb::get, "/dev/a/health").found->to, endpoint::health);
    EXPECT_EQ(ask(verb::post, "/dev/a/message").found->to, endpoint::message);
    EXPECT_EQ(device_of(ask(verb::get, "/snapshot")), "root");
}

TEST_F(array_crypto_route, other_prefixes_are_nobodys)
{
    for (auto const* path :
         {"/dev/x/snapshot",
          "/dev/snapshot",
          "/dev/a//snapshot",
          "//snapshot",
          "/dev/A/snapshot",
          "/dev/a/snapshot/",
          "*",
          ""}) {
        auto const found = ask(verb::get, path);
        EXPECT_FALSE(found.found) << path;
        EXPECT_EQ(found.refused.what, status::not_found) << path;
    }
    EXPECT_EQ(ask(verb::get, "/dev/x/snapshot").refused.why, error::unproven_device);
}

TEST_F(array_crypto_route, a_path_that_is_not_there_is_no_reason_to_end_anything)
{
    EXPECT_EQ(ask(verb::get, "/dev/a/docs").refused.what, status::not_found);
    EXPECT_EQ(ask(verb::get, "/dev/a/docs").refused.why, std::nullopt);
    auto const wrong = ask(verb::get, "/dev/a/handshake").refused;
    EXPECT_EQ(wrong.what, status::method_not_allowed);
    EXPECT_EQ(wrong.allow, "POST");
    EXPECT_EQ(ask(verb::head, "/dev/a/snapshot").refused.allow, "GET");
    EXPECT_EQ(wrong.why, std::nullopt);
}

TEST_F(array_crypto_route, a_device_with_a_password_has_to_give_it)
{
    auto const path = "/dev/b/snapshot";
    EXPECT_EQ(device_of(ask(verb::get, path, basic("b:b's password"))), "b");
    for (auto const& given :
         {std::string{},
          basic("b:b's passwor"),
          basic("b:"),
          basic("b"),
          basic("a:b's password"),
          basic(":b's password"),
          std::string{"Bearer xyz"},
          std::string{"Basic !!!"},
          "Basic " + std::string(4000, 'Y')}) {
        auto const found = ask(verb::get, path, given);
        EXPECT_FALSE(found.found) << given;
        EXPECT_EQ(found.refused.what, status::unauthorized) << given;
        EXPECT_EQ(found.refused.why, error::unproven_key) << given;
    }
}

TEST_F(array_crypto_route, devices_of_one_prefix_are_told_apart_by_name_and_password)
{
    EXPECT_EQ(device_of(ask(verb::get, "/snapshot", basic("c:c:s password"))), "c");
    EXPECT_EQ(device_of(ask(verb::get, "/snapshot", basic("d:d's password"))), "d");
    EXPECT_EQ(device_of(ask(verb::get, "/snapshot")), "root");
    EXPECT_EQ(device_of(ask(verb::get, "/snapshot", basic("root:anything"))), "root");
    EXPECT_FALSE(ask(verb::get, "/snapshot", basic("c:d's password")).found);
    EXPECT_FALSE(ask(verb::get, "/snapshot", basic("b:b's password")).found);
    EXPECT_EQ(ask(verb::get, "/snapshot", basic("c:x")).refused.claimed.text(), "c");
}

TEST_F(array_crypto_route, keys_that_are_not_accepted_look_like_nobodys)
{
    for (auto const* path : {"/gone/snapshot", "/late/snapshot"}) {
        auto const found = ask(verb::get, path);
        EXPECT_FALSE(found.found);
        EXPECT_EQ(found.refused.what, status::not_found);
    }
    EXPECT_EQ(ask(verb::get, "/gone/snapshot").refused.why, error::unproven_revoked_key);
    EXPECT_EQ(ask(verb::get, "/late/snapshot").refused.why, error::unproven_expired_key);
}

TEST_F(array_crypto_route, state_and_seed_come_from_the_secret)
{
    auto const again = make_device_list(
        {{"a", profile::v1, "/dev/a"}, {"e", profile::v1, "/dev/e", "another secret"}}
    );
    auto const& before = *ask(verb::get, "/dev/a/snapshot").found->of;
    EXPECT_EQ(again.all()[0].state, before.state);
    EXPECT_EQ(again.all()[0].v1_seed, before.v1_seed);
    EXPECT_NE(again.all()[1].state, before.state);
    EXPECT_NE(again.all()[1].v1_seed, before.v1_seed);
    EXPECT_GE(before.v1_seed, 1);
    EXPECT_LE(before.v1_seed, std::uint64_t{1} << 30);
}

}  // namespace
}  // namespace gatehouse::test
