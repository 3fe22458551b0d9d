#include "config/load.h"
#include "problem_texts.h"
#include "scratch_folder.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using testing::contains;
using testing::problems_of;
using namespace std::chrono_literals;

std::filesystem::path examples()
{
    return std::filesystem::absolute(__FILE__).parent_path() / "../../../config";
}

// The USMP over TCP part of the public contract, to the letter.
constexpr std::string_view contract_example = R"(version: 1
workers: auto                       # one event loop per thread; auto = the cores this process may use

listeners:
  - name: fleet                     # unique; the `listener` label and log field
    protocol: usmp                  # usmp | spp | pssst | upss | array-crypto
    transport: tcp                  # tcp | udp, as the protocol allows
    bind: "0.0.0.0:9000"            # IP:PORT, "[::]:PORT" (dual stack), port 0 allowed
    credentials: fleet
    backend: telemetry
    handshake_timeout: 10s
    idle_timeout: 60s
    max_session_age: 24h
    limits: {sessions: 100000, sessions_per_address: 0, handshakes_per_second: 0}   # 0 = no limit
    usmp:
      generations: ["2"]
      cipher: aes-256-gcm
      cookies: auto                 # udp: auto | always | never
credentials:
  fleet:
    file: keys/fleet.yaml
backends:
  telemetry:
    socket: /run/telemetry/gatehouse.sock
    format: ndjson                  # ndjson | records | stream
    payload: base64                 # base64 | text (ndjson only)
    acknowledge: false
metrics: {bind: "127.0.0.1:9464"}   # GET /metrics, /livez, /readyz
admin: {socket: /run/gatehouse/admin.sock, mode: "0660", group: ""}
log: {level: info, format: text}    # text | json
)";

TEST(configuration, of_the_contract_is_valid)
{
    EXPECT_EQ(problems_of(contract_example), std::vector<std::string>{});
}

TEST(configuration, of_the_contract_says_what_the_defaults_are)
{
    problems found;
    problems warnings;
    auto const made = parse(
        contract_example,
        "/etc/gatehouse/gatehouse.yaml",
        testing::protocols().types(),
        found,
        warnings
    );
    EXPECT_TRUE(warnings.empty());
    ASSERT_TRUE(made);
    EXPECT_EQ(made->workers, 0U);
    EXPECT_EQ(made->shutdown_timeout, 30s);
    ASSERT_EQ(made->listeners.size(), 1U);
    auto const& fleet = made->listeners[0];
    EXPECT_EQ(fleet.name, "fleet");
    EXPECT_EQ(fleet.bind.ip, "0.0.0.0");
    EXPECT_EQ(fleet.bind.port, 9000);
    EXPECT_EQ(fleet.credentials, "fleet");
    EXPECT_EQ(fleet.backend, "telemetry");
    EXPECT_EQ(fleet.handshake_timeout, listener{}.handshake_timeout);
    EXPECT_EQ(fleet.idle_timeout, listener{}.idle_timeout);
    EXPECT_EQ(fleet.max_session_age, listener{}.max_session_age);
    EXPECT_EQ(fleet.limits.sessions, limits{}.sessions);
    EXPECT_EQ(fleet.protocol->name(), "usmp");
    EXPECT_EQ(fleet.options, fleet.protocol->usual_options());
    ASSERT_EQ(made->credentials.size(), 1U);
    EXPECT_EQ(made->credentials[0].name, "fleet");
    EXPECT_EQ(made->credentials[0].file, "/etc/gatehouse/keys/fleet.yaml");
    ASSERT_EQ(made->backends.size(), 1U);
    EXPECT_EQ(made->backends[0].socket, "/run/telemetry/gatehouse.sock");
    EXPECT_TRUE(made->metrics_enabled);
    EXPECT_EQ(made->metrics.port, 9464);
    EXPECT_TRUE(made->admin_enabled);
    EXPECT_EQ(made->admin.mode, 0660U);
}

class example_file : public ::testing::TestWithParam<char const*> {};

TEST_P(example_file, is_valid)
{
    problems found;
    problems warnings;
    EXPECT_TRUE(load(
        (examples() / GetParam()).string(),
        {no_host_names{}, testing::protocols().types()},
        found,
        warnings
    ));
    EXPECT_EQ(testing::lines_of(found), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(config, example_file, ::testing::Values("gatehouse.yaml", "minimal.yaml"));

// What a file says when it leaves everything out must be what the annotated file calls the default.
TEST(annotated_example, shows_the_defaults)
{
    problems found;
    problems warnings;
    auto const shown = load(
        (examples() / "gatehouse.yaml").string(),
        {no_host_names{}, testing::protocols().types()},
        found,
        warnings
    );
    auto const left_out = load(
        (examples() / "minimal.yaml").string(),
        {no_host_names{}, testing::protocols().types()},
        found,
        warnings
    );
    ASSERT_TRUE(shown && left_out);
    EXPECT_EQ(shown->workers, left_out->workers);
    EXPECT_EQ(shown->shutdown_timeout, left_out->shutdown_timeout);
    EXPECT_EQ(shown->node.id, left_out->node.id);
    EXPECT_EQ(shown->metrics.ip, left_out->metrics.ip);
    EXPECT_EQ(shown->metrics.port, left_out->metrics.port);
    EXPECT_EQ(shown->log.level, left_out->log.level);
    EXPECT_EQ(shown->log.format, left_out->log.format);
    EXPECT_EQ(shown->admin.socket, left_out->admin.socket);
    EXPECT_EQ(shown->admin.mode, left_out->admin.mode);
    auto const& a = shown->listeners.at(0);
    auto const& b = left_out->listeners.at(0);
    EXPECT_EQ(a.hello_timeout, b.handshake_timeout);
    EXPECT_EQ(a.handshake_timeout, b.handshake_timeout);
    EXPECT_EQ(a.idle_timeout, b.idle_timeout);
    EXPECT_EQ(a.max_session_age, b.max_session_age);
    EXPECT_EQ(a.limits.sessions, b.limits.sessions);
    EXPECT_EQ(a.limits.sessions_per_address, b.limits.sessions_per_address);
    EXPECT_EQ(a.limits.sessions_per_device, b.limits.sessions_per_device);
    EXPECT_EQ(a.limits.handshakes_per_second, b.limits.handshakes_per_second);
    EXPECT_EQ(a.limits.handshakes, b.limits.handshakes);
    EXPECT_EQ(a.limits.half_open, b.limits.half_open);
    EXPECT_EQ(a.options, b.options);
    auto const& x = shown->backends.at(0);
    auto const& y = left_out->backends.at(0);
    EXPECT_EQ(x.format, y.format);
    EXPECT_EQ(x.payload, y.payload);
    EXPECT_EQ(x.acknowledge, y.acknowledge);
    EXPECT_EQ(x.queue_limit, y.queue_limit);
    EXPECT_EQ(x.downlink_limit, y.downlink_limit);
}

TEST(configuration, names_all_problems_at_once_in_the_order_of_the_lines)
{
    EXPECT_EQ(
        problems_of("version: 1\n"
                    "wrokers: 4\n"
                    "listeners:\n"
                    "  - {name: a, bind: nowhere, credentials: x, backend: y, idle_timeout: 0s}\n"
                    "credentials: {}\n"
                    "backends: {}\n"
                    "log: {level: loud}\n"),
        (std::vector<std::string>{
            "etc/gatehouse.yaml:2:1: unknown key \"wrokers\"; did you mean \"workers\"?",
            "etc/gatehouse.yaml:4:21: \"bind\" must be IP:PORT, localhost or an interface of "
            "this machine, and a port from 0 to 65535, such as \"0.0.0.0:9000\", "
            "\"[::]:9000\" or \"eth0:9000\", not \"nowhere\"",
            "etc/gatehouse.yaml:4:43: no credentials \"x\" in the section \"credentials\"; there "
            "are "
            "none",
            "etc/gatehouse.yaml:4:55: no backend \"y\" in the section \"backends\"; there are none",
            "etc/gatehouse.yaml:4:72: \"idle_timeout\" must be a duration above zero and up to "
            "366d, "
            "with its unit, such as 500ms, 10s, 5m, 24h or 7d, not \"0s\"",
            "etc/gatehouse.yaml:7:14: \"level\" must be one of: debug, info, warn, error, not "
            "\"loud\"",
        })
    );
}

TEST(configuration, needs_version_one)
{
    EXPECT_TRUE(contains(problems_of("workers: 1\n"), ":1:1: the key \"version\" is missing"));
    for (auto const* const wrong : {"2", "\"1\"", "1.0", "~", "[1]", "01"}) {
        auto const said = problems_of("version: " + std::string{wrong} + "\nworkers: none\n");
        ASSERT_EQ(said.size(), 1U) << wrong;
        EXPECT_TRUE(contains(said, "\"version\" must be the number 1")) << wrong;
    }
}

TEST(configuration, is_a_map_with_a_listener)
{
    EXPECT_TRUE(contains(problems_of(""), "the file is empty"));
    EXPECT_TRUE(contains(problems_of("[1]"), "the configuration must be a map of keys, not a list")
    );
    EXPECT_TRUE(contains(problems_of("version: 1\n"), "listeners: at least one"));
    EXPECT_TRUE(
        contains(problems_of("version: 1\nlisteners: []\n"), ":2:12: listeners: at least one")
    );
    EXPECT_TRUE(contains(problems_of("version: 1\nlisteners:\n"), ":2:1: listeners: at least one"));
    EXPECT_TRUE(contains(
        problems_of("version: 1\nlisteners: {}\n"), "\"listeners\" must be a list, not a map"
    ));
}

TEST(configuration, reports_a_syntax_error_at_its_place)
{
    auto const said = problems_of("version: 1\nlisteners: [\n");
    ASSERT_EQ(said.size(), 1U);
    EXPECT_TRUE(
        contains(said, "etc/gatehouse.yaml:2:12: not valid YAML: this bracket is never closed")
    );
}

TEST(configuration, on_disk_may_be_open_to_all)
{
    testing::scratch_folder const folder;
    problems found;
    problems warnings;
    EXPECT_TRUE(load(
        folder.write("a.yaml", contract_example, 0644),
        {no_host_names{}, testing::protocols().types()},
        found,
        warnings
    ));
}

TEST(configuration, that_cannot_be_read_is_a_problem_of_the_file)
{
    problems found;
    problems warnings;
    EXPECT_FALSE(
        load("no/such/file.yaml", {no_host_names{}, testing::protocols().types()}, found, warnings)
    );
    EXPECT_EQ(
        testing::lines_of(found),
        std::vector<std::string>{"no/such/file.yaml:1:1: cannot be read: No such file or directory"}
    );
}

}  // namespace

}  // namespace gatehouse::config
