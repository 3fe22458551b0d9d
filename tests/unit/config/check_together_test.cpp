#include "problem_texts.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using testing::contains;
using testing::problems_of;

// Two listeners at these addresses (lines 3 and 4), and more top-level text from line 9.
std::string two_listeners(
    std::string_view first, std::string_view second, std::string_view top = {}
)
{
    auto const one = [](char name, std::string_view bind) {
        return std::string{"  - {name: "} + name + ", bind: \"" + std::string{bind} +
               "\", credentials: keys, backend: b}\n";
    };
    return "version: 1\nlisteners:\n" + one('x', first) + one('y', second) +
           "credentials:\n  keys: {file: k.yaml}\nbackends:\n  b: {socket: b.sock}\n" +
           std::string{top};
}

TEST(listener_names, are_unique)
{
    EXPECT_TRUE(problems_of(two_listeners("0.0.0.0:1", "0.0.0.0:2")).empty());
    auto text = two_listeners("0.0.0.0:1", "0.0.0.0:2");
    text.replace(text.find("name: y"), 7, "name: x");
    EXPECT_EQ(
        problems_of(text),
        std::vector<std::string>{
            "etc/gatehouse.yaml:4:12: a listener \"x\" stands in line 3 already; names are unique"}
    );
}

TEST(credentials, serve_one_kind_of_protocol)
{
    auto text = two_listeners("0.0.0.0:1", "0.0.0.0:2");
    text.replace(text.find("name: y"), 7, "name: y, protocol: spp");
    EXPECT_EQ(
        problems_of(text),
        std::vector<std::string>{
            "etc/gatehouse.yaml:4:62: credentials \"keys\" are used by listener \"x\" (line 3) "
            "with "
            "protocol usmp and hold pre-shared keys; listener \"y\" with protocol spp needs "
            "credentials of its own, with Ed25519 keys"}
    );
    text.replace(text.find("name: x"), 7, "name: x, protocol: spp");
    EXPECT_TRUE(problems_of(text).empty());
    text.replace(text.find("protocol: spp"), 13, "protocol: pssst");
    EXPECT_TRUE(contains(problems_of(text), "with protocol pssst and hold X25519 keys"));
}

TEST(credentials, of_keyed_protocols_stand_in_a_file)
{
    auto text = two_listeners("0.0.0.0:1", "0.0.0.0:2");
    text.replace(text.find("name: x"), 7, "name: x, protocol: pssst");
    text.replace(text.find("name: y"), 7, "name: y, protocol: pssst");
    text.replace(
        text.find("{file: k.yaml}"), 14, "{store: \"sqlite:k.db\", store_key: \"file:k\"}"
    );
    auto const said = problems_of(text);
    EXPECT_EQ(said.size(), 2U) << ::testing::PrintToString(said);
    EXPECT_TRUE(contains(
        said,
        ":3:64: credentials \"keys\" are a store, which holds pre-shared keys; protocol pssst "
        "needs a "
        "\"file\" with X25519 keys"
    ));
}

TEST(references, must_not_dangle)
{
    auto text = two_listeners("0.0.0.0:1", "0.0.0.0:2");
    text.replace(text.rfind("credentials: keys"), 17, "credentials: kyes");
    text.replace(text.rfind("backend: b"), 10, "backend: c");
    auto const said = problems_of(text);
    EXPECT_EQ(said.size(), 2U) << ::testing::PrintToString(said);
    EXPECT_TRUE(contains(
        said, ":4:47: no credentials \"kyes\" in the section \"credentials\"; there are: keys"
    ));
    EXPECT_TRUE(contains(said, ":4:62: no backend \"c\" in the section \"backends\"; there are: b")
    );
}

TEST(references, are_not_blamed_for_a_missing_section)
{
    auto const said =
        problems_of("version: 1\nlisteners:\n"
                    "  - {name: x, bind: \"0.0.0.0:1\", credentials: k, backend: b}\n");
    EXPECT_EQ(
        said,
        (std::vector<std::string>{
            "etc/gatehouse.yaml:1:1: the key \"credentials\" is missing here",
            "etc/gatehouse.yaml:1:1: the key \"backends\" is missing here"})
    );
}

TEST(addresses, are_bound_once)
{
    for (auto const* const same : {"127.0.0.1:9000", "[::]:9000", "[0:0::0]:9000", "[::1]:9000"})
        EXPECT_TRUE(contains(
            problems_of(two_listeners(same, same)), ":4:21: this address is bound in line 3 already"
        )) << same;
    EXPECT_TRUE(contains(
        problems_of(two_listeners("0.0.0.0:1", "0.0.0.0:2", "metrics: {bind: \"0.0.0.0:2\"}\n")),
        ":9:17: this address is bound in line 4 already"
    ));
}

TEST(addresses, of_metrics_are_shared_with_no_listener)
{
    for (auto const* const metrics : {"127.0.0.1:9001", "0.0.0.0:9001", "[::]:9001"})
        EXPECT_TRUE(contains(
            problems_of(two_listeners(
                "127.0.0.1:9000",
                "127.0.0.1:9001",
                "metrics: {bind: \"" + std::string{metrics} + "\"}\n"
            )),
            ":9:17: this address is bound in line 4 already"
        )) << metrics;
    auto over_udp =
        two_listeners("127.0.0.1:9000", "127.0.0.1:9001", "metrics: {bind: \"[::]:9001\"}\n");
    over_udp.replace(over_udp.find("name: y"), 7, "name: y, transport: udp");
    EXPECT_TRUE(problems_of(over_udp).empty());
}

TEST(addresses, of_ipv4_are_written_as_such)
{
    EXPECT_TRUE(contains(
        problems_of(two_listeners("[::ffff:127.0.0.1]:9000", "127.0.0.1:9001")),
        ":3:21: an IPv4 address in the form of IPv6 cannot be bound; write \"127.0.0.1:9000\""
    ));
}

TEST(addresses, may_share_a_part)
{
    EXPECT_TRUE(problems_of(two_listeners("0.0.0.0:9000", "[::]:9000")).empty());
    EXPECT_TRUE(problems_of(two_listeners("0.0.0.0:9000", "127.0.0.1:9000")).empty());
    EXPECT_TRUE(problems_of(two_listeners("0.0.0.0:0", "0.0.0.0:0")).empty());
    EXPECT_TRUE(problems_of(two_listeners("127.0.0.1:9000", "127.0.0.2:9000")).empty());
    EXPECT_TRUE(problems_of(two_listeners("0.0.0.0:9000", "0.0.0.0:9001")).empty());
}

TEST(administration, has_paths_of_its_own)
{
    auto const with = [](std::string_view admin) {
        return problems_of(
            two_listeners("0.0.0.0:1", "0.0.0.0:2", "admin: {" + std::string{admin} + "}\n")
        );
    };
    EXPECT_TRUE(with("socket: admin.sock, audit: audit.log").empty());
    EXPECT_TRUE(contains(
        with("socket: x/../b.sock"), ":9:17: this is the socket of backend \"b\" (line 8); choose"
    ));
    EXPECT_TRUE(contains(with("read_only: {socket: ./b.sock}"), "is the socket of backend \"b\""));
    EXPECT_TRUE(contains(with("audit: b.sock"), "the audit log is the socket of backend \"b\""));
    EXPECT_TRUE(
        contains(with("socket: a, audit: ./a"), "the audit log is an administration socket too")
    );
}

}  // namespace

}  // namespace gatehouse::config
