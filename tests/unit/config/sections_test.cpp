// Every section of the configuration: what it accepts and what it says about everything else.
#include "problem_texts.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using testing::contains;
using testing::expect_one_problem;
using testing::file_with;
using testing::listener_of;
using testing::problems_of;
using testing::settings_of;
using testing::warnings_of;
using testing::wrong_text;
using namespace std::chrono_literals;

std::string file_with_backend(std::string_view keys)
{
    return "version: 1\nlisteners:\n"
           "  - {name: fleet, bind: \"0.0.0.0:9000\", credentials: keys, backend: b}\n"
           "credentials:\n  keys: {file: keys.yaml}\nbackends:\n  b: {" +
           std::string{keys} + "}\n";
}

class wrong_listener : public ::testing::TestWithParam<wrong_text> {};

TEST_P(wrong_listener, is_explained)
{
    expect_one_problem(
        problems_of(file_with(GetParam().text)), GetParam().said, "etc/gatehouse.yaml:3:"
    );
}

INSTANTIATE_TEST_SUITE_P(
    config,
    wrong_listener,
    ::testing::Values(
        wrong_text{"protocol: spp, transport: udp", "protocol spp is spoken over TCP"},
        wrong_text{"protocol: pssst, transport: tcp", "protocol pssst is spoken over UDP"},
        wrong_text{
            "protocol: mqtt",
            "\"protocol\" must be one of: usmp, spp, pssst, upss, array-crypto, not \"mqtt\""},
        wrong_text{
            "protocol: [usmp]",
            "\"protocol\" must be one of: usmp, spp, pssst, upss, array-crypto, not a list"},
        wrong_text{
            "udp: {receive_buffer: 1MiB}",
            "\"udp\" is only for listeners with transport: udp",
        },
        wrong_text{"transport: sctp", "\"transport\" must be one of: tcp, udp, not \"sctp\""},
        wrong_text{
            "spp: {generations: [\"0.2\"]}", "\"spp\" is only for listeners with protocol: spp"},
        wrong_text{
            "protocol: spp, pssst: {}", "\"pssst\" is only for listeners with protocol: pssst"},
        wrong_text{"upss: {routes: [\"/\"]}", "\"upss\" is only for listeners with protocol: upss"},
        wrong_text{"insecure: yes", "\"insecure\" must be one of: accept, not \"yes\""},
        wrong_text{"handshake_timeout: 10", "\"handshake_timeout\" must be a duration"},
        wrong_text{"handshake_timeout: 0s", "\"handshake_timeout\" must be a duration above zero"},
        wrong_text{"idle_timeout: -1s", "\"idle_timeout\" must be a duration above zero"},
        wrong_text{"idle_timeout:", "\"idle_timeout\" must be a duration"},
        wrong_text{"max_session_age: {h: 1}", "\"max_session_age\" must be a duration"},
        wrong_text{"hello_timeout: 11s", "\"hello_timeout\" must not be longer than"},
        wrong_text{
            "hello_timeout: 5s, handshake_timeout: 4s", "\"hello_timeout\" must not be longer"},
        wrong_text{"limits: {sessions: many}", "\"sessions\" must be a whole number from 0 to"},
        wrong_text{"limits: {sessions: -1}", "\"sessions\" must be a whole number from 0 to"},
        wrong_text{"limits: {sessions: 4294967296}", "from 0 to 4294967295"},
        wrong_text{"limits: {sessions: \"1\"}", "without quotes"},
        wrong_text{"limits: {half_open: 0}", "\"half_open\" must be a whole number from 1 to"},
        wrong_text{"limits: {handshakes: 0}", "\"handshakes\" must be a whole number from 1 to"},
        wrong_text{"limits: {session: 1}", "unknown key \"session\"; did you mean \"sessions\"?"},
        wrong_text{"limits: 5", "\"limits\" must be a map of keys, not \"5\""},
        wrong_text{"limits: {sessions: 1, sessions: 2}", "duplicate key \"sessions\""},
        wrong_text{"name: again", "duplicate key \"name\""},
        wrong_text{"idle_timout: 5s", "unknown key \"idle_timout\"; did you mean \"idle_timeout\"?"}
    )
);

TEST(listener_section, says_what_is_missing)
{
    auto const said = problems_of("version: 1\nlisteners:\n  - {idle_timeout: 5s}\n"
                                  "credentials: {}\nbackends: {}\n");
    for (auto const* const key : {"name", "bind", "credentials", "backend"})
        EXPECT_TRUE(contains(said, ":3:5: the key \"" + std::string{key} + "\" is missing here"))
            << key;
    EXPECT_EQ(said.size(), 4U);
}

TEST(listener_section, is_a_map)
{
    auto const said =
        problems_of("version: 1\nlisteners: [fleet, ~]\ncredentials: {}\nbackends: {}\n");
    EXPECT_TRUE(contains(said, ":2:13: a listener must be a map of keys, not \"fleet\""));
    EXPECT_TRUE(contains(said, "a listener must be a map of keys, but it is empty"));
}

TEST(listener_section, does_not_know_socket_activation_yet)
{
    auto text = file_with("");
    text.replace(text.find("0.0.0.0:9000"), 12, "systemd:fleet");
    EXPECT_TRUE(contains(problems_of(text), "socket activation is not available in this version"));
}

TEST(listener_section, takes_the_usmp_section_for_usmp_only)
{
    auto const said = problems_of(file_with("protocol: spp, usmp: {}"));
    EXPECT_EQ(said.size(), 1U);
    EXPECT_TRUE(contains(said, "\"usmp\" is only for listeners with protocol: usmp"));
}

TEST(listener_section, sets_times_and_limits)
{
    auto const made = listener_of(
        "hello_timeout: 500ms, handshake_timeout: 5s, idle_timeout: 5m, "
        "max_session_age: 7d, insecure: "
        "accept, limits: {sessions: 1, sessions_per_address: 2, sessions_per_device: 6, "
        "handshakes_per_second: 3, handshakes: "
        "4, half_open: 5}"
    );
    EXPECT_EQ(made.hello_timeout, 500ms);
    EXPECT_EQ(made.handshake_timeout, 5s);
    EXPECT_EQ(made.idle_timeout, 5min);
    EXPECT_EQ(made.max_session_age, 168h);
    EXPECT_TRUE(made.accept_insecure);
    EXPECT_EQ(made.limits.sessions, 1U);
    EXPECT_EQ(made.limits.sessions_per_address, 2U);
    EXPECT_EQ(made.limits.sessions_per_device, 6U);
    EXPECT_EQ(made.limits.handshakes_per_second, 3U);
    EXPECT_EQ(made.limits.handshakes, 4U);
    EXPECT_EQ(made.limits.half_open, 5U);
}

class wrong_backend : public ::testing::TestWithParam<wrong_text> {};

TEST_P(wrong_backend, is_explained)
{
    expect_one_problem(
        problems_of(file_with_backend(GetParam().text)), GetParam().said, "etc/gatehouse.yaml:7:"
    );
}

INSTANTIATE_TEST_SUITE_P(
    config,
    wrong_backend,
    ::testing::Values(
        wrong_text{"format: ndjson", "the key \"socket\" is missing here"},
        wrong_text{"socket: \"\"", "\"socket\" must be a path"},
        wrong_text{"socket: \"a\\nb\"", "\"socket\" must be a path"},
        wrong_text{"socket: true", "\"socket\" must be a path"},
        wrong_text{
            "socket: /run/an-extremely-long-folder-name-that-goes-on-and-on-and-on/"
            "until-no-unix-socket-address-can-hold-it/gatehouse.sock",
            "of at most 107 bytes"},
        wrong_text{
            "socket: a, format: stream", "format \"stream\" is not available in this version"},
        wrong_text{
            "socket: a, format: xml", "\"format\" must be one of: ndjson, records, not \"xml\""},
        wrong_text{"socket: a, payload: hex", "\"payload\" must be one of: base64, text"},
        wrong_text{
            "socket: a, format: records, payload: text", "payload: text needs format: ndjson"},
        wrong_text{
            "socket: a, acknowledge: yes", "\"acknowledge\" must be true or false, not \"yes\""},
        wrong_text{"socket: a, acknowledge: \"true\"", "\"acknowledge\" must be true or false"},
        wrong_text{"socket: a, queue_limit: 0KiB", "\"queue_limit\" must be a size with its unit"},
        wrong_text{"socket: a, queue_limit: 65536", "\"queue_limit\" must be a size with its unit"},
        wrong_text{"socket: a, downlink_limit: 2GiB", "\"downlink_limit\" must be a size"},
        wrong_text{"socket: a, sockets: b", "unknown key \"sockets\"; did you mean \"socket\"?"}
    )
);

TEST(backend_section, sets_its_values)
{
    auto const made = settings_of(file_with_backend(
        "socket: run/b.sock, format: records, acknowledge: true, queue_limit: 1MiB, "
        "downlink_limit: 8KiB"
    ));
    ASSERT_EQ(made.backends.size(), 1U);
    EXPECT_EQ(made.backends[0].socket, "etc/run/b.sock");
    EXPECT_EQ(made.backends[0].format, record_format::records);
    EXPECT_TRUE(made.backends[0].acknowledge);
    EXPECT_EQ(made.backends[0].queue_limit, 1'048'576U);
    EXPECT_EQ(made.backends[0].downlink_limit, 8'192U);
}

class wrong_top : public ::testing::TestWithParam<wrong_text> {};

TEST_P(wrong_top, is_explained)
{
    expect_one_problem(problems_of(file_with("", GetParam().text)), GetParam().said);
}

INSTANTIATE_TEST_SUITE_P(
    config,
    wrong_top,
    ::testing::Values(
        wrong_text{"workers: 0", ":8:10: \"workers\" must be auto or a whole number from 1 to 255"},
        wrong_text{"workers: 256", "\"workers\" must be auto or a whole number from 1 to 255"},
        wrong_text{"workers: \"4\"", "\"workers\" must be auto or a whole number from 1 to 255"},
        wrong_text{"workers: 1.5", "\"workers\" must be auto or a whole number from 1 to 255"},
        wrong_text{"workers: [auto]", "not a list"},
        wrong_text{"shutdown_timeout: 30", "\"shutdown_timeout\" must be a duration"},
        wrong_text{"shutdown_timeout: 0s", "\"shutdown_timeout\" must be a duration above zero"},
        wrong_text{"state_directory: [a]", "\"state_directory\" must be a path, not a list"},
        wrong_text{"state_directory: \"\"", "\"state_directory\" must be a path"},
        wrong_text{"node: {id: 65536}", "\"id\" must be a whole number from 0 to 65535"},
        wrong_text{"node: {name: \"a b\"}", "\"name\" must be 1 to 64 printable characters"},
        wrong_text{"node: here", "\"node\" must be a map of keys, not \"here\""},
        wrong_text{"metrics: {bind: \"localhost:9464\"}", "\"bind\" must be IP:PORT, localhost"},
        wrong_text{"metrics: {port: 9464}", "unknown key \"port\"; known here: bind"},
        wrong_text{"metrics:", ":8:1: \"metrics\" must be a map of keys, but it is empty"},
        wrong_text{"admin: {mode: 0999}", "\"mode\" must be permissions in octal"},
        wrong_text{"admin: {mode: \"1777\"}", "\"mode\" must be permissions in octal"},
        wrong_text{"admin: {socket: 1, sokcet: 2}", "unknown key \"sokcet\""},
        wrong_text{"admin: {group: [a]}", "\"group\" must be a line of text, not a list"},
        wrong_text{"log: {level: trace}", "\"level\" must be one of: debug, info, warn, error"},
        wrong_text{"log: {format: xml}", "\"format\" must be one of: text, json, not \"xml\""},
        wrong_text{"store: {}", "\"store\" belongs into a credential set"},
        wrong_text{"derived: []", "\"derived\" belongs into a credential file"},
        wrong_text{"backends: {}", "duplicate key \"backends\"; it stands in line 6 already"},
        wrong_text{"logs: {}", "unknown key \"logs\"; did you mean \"log\"?"}
    )
);

TEST(process_sections, set_their_values)
{
    auto const made = settings_of(file_with(
        "",
        "workers: 255\nshutdown_timeout: 1m\nstate_directory: kept\nnode: {name: gw-1, id: 65535}\n"
        "metrics: {bind: \"[::1]:0\"}\nadmin: {socket: a.sock, mode: \"600\", group: ops}\n"
        "log: {level: debug, format: json}\n"
    ));
    EXPECT_EQ(made.workers, 255U);
    EXPECT_EQ(made.shutdown_timeout, 60s);
    EXPECT_EQ(made.state_directory, "etc/kept");
    EXPECT_EQ(made.node.name, "gw-1");
    EXPECT_EQ(made.node.id, 65535);
    EXPECT_TRUE(made.metrics_enabled);
    EXPECT_EQ(made.metrics.ip, "::1");
    EXPECT_EQ(made.metrics.port, 0);
    EXPECT_EQ(made.admin.socket, "etc/a.sock");
    EXPECT_EQ(made.admin.mode, 0600U);
    EXPECT_EQ(made.admin.group, "ops");
    EXPECT_EQ(made.log.level, log_level::debug);
    EXPECT_EQ(made.log.format, log_format::json);
}

TEST(process_sections, are_optional)
{
    auto const made = settings_of(file_with(""));
    EXPECT_EQ(made.workers, 0U);
    EXPECT_FALSE(made.metrics_enabled);
    EXPECT_FALSE(made.admin_enabled);
}

TEST(credentials_section, needs_usable_names_and_files)
{
    auto const said = problems_of("version: 1\nlisteners: []\ncredentials:\n"
                                  "  a b: {file: x}\n"
                                  "  c: {}\n"
                                  "  d: {file: x, store: redis}\n"
                                  "  d: {file: y}\n"
                                  "  e: x.yaml\n"
                                  "backends: []\n");
    EXPECT_TRUE(contains(said, ":4:3: a name must be 1 to 64 printable characters without spaces"));
    EXPECT_TRUE(contains(said, ":5:6: the key \"file\" is missing here"));
    EXPECT_TRUE(contains(said, "\"store\" must be sqlite:PATH"));
    EXPECT_TRUE(contains(said, "a \"file\" or a \"store\", not both"));
    EXPECT_TRUE(contains(said, ":7:3: duplicate key \"d\"; it stands in line 6 already"));
    EXPECT_TRUE(contains(said, ":8:6: credentials \"e\" must be a map of keys, not \"x.yaml\""));
    EXPECT_TRUE(contains(said, ":9:11: \"backends\" must be a map of keys, not a list"));
}

}  // namespace

}  // namespace gatehouse::config
