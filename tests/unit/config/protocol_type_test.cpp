// What the configuration does with a protocol that only this test knows.
#include "config/credential_checks.h"
#include "config/fields.h"
#include "config/protocol_type.h"
#include "problem_texts.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace gatehouse::config {

namespace {

using testing::contains;
using testing::lines_of;
using namespace std::chrono_literals;

struct semaphore_options {
    std::uint32_t flags = 2;
    bool operator==(semaphore_options const&) const = default;
};

class semaphore final : public protocol_type {
public:
    explicit semaphore(protocol_facts const& facts) : protocol_type{facts} {}

    protocol_options usual_options() const override
    {
        return protocol_options::of(semaphore_options{});
    }
    void set_defaults(listener& into) const override { into.idle_timeout = 7s; }
    protocol_options read(yaml_node section, complaints& report) const override
    {
        semaphore_options made;
        yaml_map map{section, "the section", report};
        read_number(map, "flags", {1, 4}, made.flags);
        map.finish();
        return protocol_options::of(made);
    }
    void warn(yaml_map& written, listener const& made, complaints& warnings) const override
    {
        if (made.idle_timeout > 1h)
            warnings.warn(position_of(written, "idle_timeout"), "tired", {}, "arms get tired");
    }
    void check_credentials(
        listener const& with,
        identity::keyring const& ring,
        std::string const& file,
        problems& found
    ) const override
    {
        if (ring.device_count() == 0)
            found.push_back({file, 0, 0, with.name + " has nobody to wave to"});
    }
};

constexpr std::string_view seen_by_all = "whoever looks can read it";

// Signal is the one that is meant when none is named.
class protocol_type_test : public ::testing::Test {
protected:
    protocol_list all() const { return {known_}; }

    std::optional<settings> read(std::string_view listener_keys)
    {
        found.clear();
        warnings.clear();
        auto const text = "version: 1\nlisteners:\n  - {name: tower, backend: b, " +
                          std::string{listener_keys} +
                          "}\ncredentials:\n  keys: {file: keys.yaml}\n"
                          "backends:\n  b: {socket: b.sock}\n";
        return parse(text, "tower.yaml", all(), found, warnings);
    }
    std::vector<std::string> problems_of(std::string_view listener_keys)
    {
        read(listener_keys);
        return lines_of(found);
    }
    listener listener_of(std::string_view listener_keys)
    {
        auto const made = read(listener_keys);
        EXPECT_EQ(lines_of(found), std::vector<std::string>{});
        return made ? made->listeners.front() : listener{};
    }

    problems found;
    problems warnings;
    semaphore const signal_{{.name = "signal", .keys = &psk_credentials()}};
    semaphore const flags_{{
        .name = "flags",
        .only_over = transport::udp,
        .danger = seen_by_all,
        .serves_requests = true,
    }};
    std::array<protocol_type const*, 2> const known_{&signal_, &flags_};
};

TEST_F(protocol_type_test, gives_a_listener_its_defaults)
{
    auto const usual = listener_of("bind: \"0.0.0.0:1\", credentials: keys");
    EXPECT_EQ(usual.protocol, &signal_);
    EXPECT_EQ(usual.transport, transport::tcp);
    EXPECT_EQ(usual.idle_timeout, 7s);
    EXPECT_EQ(usual.options.as<semaphore_options>().flags, 2U);
    auto const other = listener_of("bind: \"127.0.0.1:1\", protocol: flags, idle_timeout: 8s");
    EXPECT_EQ(other.protocol, &flags_);
    EXPECT_EQ(other.transport, transport::udp);
    EXPECT_EQ(other.idle_timeout, 8s);
}

TEST_F(protocol_type_test, reads_the_section_of_its_name)
{
    auto const made =
        listener_of("bind: \"0.0.0.0:1\", credentials: keys, protocol: signal, signal: {flags: 3}");
    EXPECT_EQ(made.options.as<semaphore_options>().flags, 3U);
    EXPECT_NE(made.options, signal_.usual_options());
    auto const same = listener_of("bind: \"0.0.0.0:1\", credentials: keys, signal: {flags: 3}");
    EXPECT_EQ(made, same);
    auto const base = std::string{"bind: \"127.0.0.1:1\", credentials: keys, "};
    EXPECT_TRUE(contains(problems_of(base + "signal: {flags: 9}"), "from 1 to 4"));
    EXPECT_TRUE(contains(
        problems_of(base + "flags: {flags: 3}"),
        "\"flags\" is only for listeners with protocol: flags"
    ));
}

TEST_F(protocol_type_test, is_one_of_those_that_are_known)
{
    auto const base = std::string{"bind: \"127.0.0.1:1\", credentials: keys, protocol: "};
    EXPECT_TRUE(contains(problems_of(base + "horn"), "must be one of: signal, flags, not \"horn\"")
    );
    EXPECT_TRUE(
        contains(problems_of(base + "flags, transport: tcp"), "protocol flags is spoken over UDP")
    );
}

TEST_F(protocol_type_test, without_keys_has_no_credentials)
{
    EXPECT_TRUE(listener_of("bind: \"127.0.0.1:1\", protocol: flags").credentials.empty());
    EXPECT_TRUE(contains(
        problems_of("bind: \"127.0.0.1:1\", protocol: flags, credentials: keys"),
        "\"credentials\" is not for protocol flags, whose devices have no keys"
    ));
    EXPECT_TRUE(
        contains(problems_of("bind: \"127.0.0.1:1\""), "the key \"credentials\" is missing here")
    );
}

TEST_F(protocol_type_test, of_requests_has_no_sessions_to_limit)
{
    EXPECT_TRUE(contains(
        problems_of("bind: \"127.0.0.1:1\", protocol: flags, limits: {sessions_per_device: 2}"),
        "\"sessions_per_device\" is not for protocol flags"
    ));
}

TEST_F(protocol_type_test, that_is_unsafe_stays_on_this_machine_unless_told)
{
    for (auto const* far : {"0.0.0.0:1", "[::]:1", "192.0.2.1:1", "[2001:db8::1]:1"}) {
        auto const bind = "protocol: flags, bind: \"" + std::string{far} + '"';
        auto const said = problems_of(bind);
        ASSERT_EQ(said.size(), 1U) << far;
        EXPECT_TRUE(contains(said, "tower.yaml:3:")) << said.front();
        EXPECT_TRUE(contains(
            said,
            "protocol flags is unsafe: whoever looks can read it; bind it "
            "to a loopback address, or write \"insecure: accept\""
        ));
        EXPECT_TRUE(problems_of(bind + ", insecure: accept").empty()) << far;
        EXPECT_TRUE(problems_of("credentials: keys, bind: \"" + std::string{far} + '"').empty());
    }
}

// On loopback, too.
TEST_F(protocol_type_test, that_is_unsafe_is_warned_about)
{
    for (auto const* near : {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1"}) {
        EXPECT_TRUE(problems_of("protocol: flags, bind: \"" + std::string{near} + '"').empty());
        ASSERT_EQ(warnings.size(), 1U);
        EXPECT_EQ(warnings.front().event, "unsafe listener");
        EXPECT_EQ(
            warnings.front().text,
            "listener \"tower\" is unsafe: protocol flags: whoever looks can read it"
        );
    }
    read("bind: \"0.0.0.0:1\", credentials: keys");
    EXPECT_TRUE(warnings.empty()) << "a safe one";
}

TEST_F(protocol_type_test, warns_and_checks_by_itself)
{
    auto const made = read("bind: \"0.0.0.0:1\", credentials: keys, idle_timeout: 2h");
    ASSERT_TRUE(made);
    EXPECT_TRUE(contains(lines_of(warnings), "arms get tired"));
    auto const nobody = std::make_shared<identity::keyring const>(
        identity::keyring::parts{}, testing::some_decoy()
    );
    problems of_keys;
    check_credentials_in_use(*made, {nobody}, of_keys);
    EXPECT_TRUE(contains(lines_of(of_keys), "tower has nobody to wave to"));
    of_keys.clear();
    check_credentials_in_use(*made, {nullptr}, of_keys);
    EXPECT_TRUE(of_keys.empty()) << "their file has problems of its own";
}

TEST(protocol_options, are_equal_when_what_they_hold_is)
{
    auto const two = protocol_options::of(semaphore_options{});
    EXPECT_EQ(two, protocol_options::of(semaphore_options{2}));
    EXPECT_NE(two, protocol_options::of(semaphore_options{3}));
    EXPECT_NE(two, protocol_options::of(2)) << "another type";
    EXPECT_NE(two, protocol_options{});
    EXPECT_EQ(protocol_options{}, protocol_options{});
    EXPECT_EQ(two.find<int>(), nullptr);
    EXPECT_EQ(protocol_options{}.find<semaphore_options>(), nullptr);
}

}  // namespace

}  // namespace gatehouse::config
