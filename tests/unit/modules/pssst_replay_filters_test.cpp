// One filter for each gateway key, whoever uses it, that outlives the process and forgets nothing
// by accident.
#include "crypto/sha256.h"
#include "modules/pssst_replay_filters.h"
#include "modules/registry.h"
#include "protocol/pssst/options.h"
#include "support/byte_string.h"
#include "support/scripted_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <stdlib.h>

namespace gatehouse::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class replay_filters_test : public testing::Test {
protected:
    replay_filters_test()
    {
        auto pattern = (fs::temp_directory_path() / "gatehouse-replay-XXXXXX").string();
        EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
        folder = pattern;
        settings.state_directory = folder;
        add_set("air", {"g1"});
        start();
    }
    ~replay_filters_test() override { fs::remove_all(folder); }

    void add_set(std::string const& name, std::vector<std::string> const& keys)
    {
        settings.credentials.emplace_back().name = name;
        auto& listener = settings.listeners.emplace_back();
        listener.name = name;
        config::set_protocol(listener, *protocols.types().find("pssst"));
        listener.credentials = name;
        want(listener, 1000);
        keyrings.push_back(ring_of(keys));
    }

    static void want(config::listener& listener, std::uint64_t requests)
    {
        listener.options = config::protocol_options::of(pssst::options{.once_requests = requests});
    }

    static std::shared_ptr<identity::keyring const> ring_of(std::vector<std::string> const& keys)
    {
        identity::keyring::parts parts;
        parts.kind = identity::key_kind::x25519;
        for (auto const& key : keys) {
            auto& made = parts.gateway_keys.emplace_back();
            made.id = static_cast<identity::key_index>(parts.key_ids.size());
            made.public_key = named_public(key);
            parts.key_ids.push_back(key);
        }
        return std::make_shared<identity::keyring const>(
            std::move(parts), secret_bytes{pattern_bytes(32)}
        );
    }

    // The public key that is known by this name.
    static identity::public_key named_public(std::string const& name)
    {
        return crypto::sha256{}.compute({as_bytes(name)});
    }

    // Another process, after whatever ended the one before.
    void start()
    {
        filters.reset();
        filters.emplace(random, boot);
    }

    // Those of each credential set.
    using filter_list = std::vector<std::shared_ptr<pssst::replay_filter>>;
    std::vector<filter_list> open()
    {
        problems.clear();
        warnings.clear();
        std::vector<filter_list> all;
        for (auto const& one : filters->open({file, settings, keyrings}, now, {problems, warnings}))
            all.push_back(one ? filter_list{one->all().begin(), one->all().end()} : filter_list{});
        return all;
    }

    void check()
    {
        problems.clear();
        warnings.clear();
        pssst_replay_filters{random, boot}.check({file, settings, keyrings}, {problems, warnings});
    }

    bool is_problem(std::string const& words) const { return stands_in(problems, words); }
    bool is_warning(std::string const& words) const { return stands_in(warnings, words); }

    static bool stands_in(config::problems const& list, std::string const& words)
    {
        return std::any_of(list.begin(), list.end(), [&](auto const& one) {
            return one.text.find(words) != std::string::npos;
        });
    }

    bool claim(pssst::replay_filter& filter, std::string const& value)
    {
        return filter.claim(filter.marks_of(hmac, named_public(value)), {}).has_value();
    }

    fs::path file_of(std::string const& key) const
    {
        return pssst_replay_filters::path_of(folder, named_public(key));
    }

    protocol_registry protocols;
    std::string const file = "gatehouse.yaml";
    fs::path folder;
    config::settings settings;
    std::vector<std::shared_ptr<identity::keyring const>> keyrings;
    config::problems problems;
    config::problems warnings;
    wall_time now{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};
    scripted_random random;
    crypto::hmac_sha256 hmac;
    pssst_replay_filters::boot boot{{1}};
    std::optional<pssst_replay_filters> filters;
};

TEST_F(replay_filters_test, a_key_has_one_filter_wherever_it_is_used)
{
    add_set("again", {"g2", "g1"});
    auto const made = open();
    ASSERT_TRUE(problems.empty()) << problems.front().text;
    ASSERT_EQ(made.size(), 2U);
    ASSERT_EQ(made[0].size(), 1U);
    ASSERT_EQ(made[1].size(), 2U);
    EXPECT_EQ(made[0][0], made[1][1]);
    EXPECT_NE(made[0][0], made[1][0]);
    EXPECT_EQ(open()[0][0], made[0][0]) << "a reload";
    EXPECT_TRUE(warnings.empty());
}

TEST_F(replay_filters_test, what_was_accepted_outlives_the_process)
{
    ASSERT_TRUE(claim(*open()[0][0], "one"));
    start();
    auto const again = open();
    ASSERT_TRUE(problems.empty()) << problems.front().text;
    EXPECT_TRUE(warnings.empty());
    EXPECT_FALSE(claim(*again[0][0], "one"));
    EXPECT_EQ(again[0][0]->claimed(), 1U);
    EXPECT_EQ(fs::status(file_of("g1")).permissions(), fs::perms{0600});
}

TEST_F(replay_filters_test, the_listener_that_wants_most_has_its_way)
{
    settings.listeners.push_back(settings.listeners.front());
    want(settings.listeners.back(), 5000);
    EXPECT_EQ(open()[0][0]->requests(), 5000U);
}

TEST_F(replay_filters_test, another_size_forgets_nothing)
{
    claim(*open()[0][0], "one");
    for (std::uint64_t const requests : {10U, 50'000U}) {
        want(settings.listeners.front(), requests);
        start();
        auto const made = open();
        ASSERT_TRUE(problems.empty()) << problems.front().text;
        EXPECT_EQ(made[0][0]->requests(), 1000U);
        EXPECT_FALSE(claim(*made[0][0], "one"));
        EXPECT_TRUE(is_warning("has room for 1000 requests and keeps it"));
    }
}

TEST_F(replay_filters_test, a_second_process_is_refused)
{
    auto const first = open();
    pssst_replay_filters second{random, boot};
    EXPECT_TRUE(second.open({file, settings, keyrings}, now, {problems, warnings}).empty());
    EXPECT_TRUE(is_problem("another process has it in use"));
    EXPECT_TRUE(is_problem("gateway key \"g1\" of credentials \"air\""));
    check();
    EXPECT_TRUE(problems.empty()) << "a check beside the running daemon";
}

TEST_F(replay_filters_test, a_file_that_does_not_fit_is_refused_and_left_alone)
{
    claim(*open()[0][0], "one");
    start();
    auto const whole = fs::file_size(file_of("g1"));
    fs::resize_file(file_of("g1"), whole - 4096);
    for (int turn = 0; turn < 2; ++turn) {
        EXPECT_TRUE(open().empty());
        EXPECT_TRUE(is_problem("it has another size than it was made with"));
        EXPECT_TRUE(is_problem("give the gateway another key"));
        EXPECT_EQ(fs::file_size(file_of("g1")), whole - 4096);
        check();
        EXPECT_TRUE(is_problem("it has another size than it was made with"));
    }
    std::ofstream{file_of("g1"), std::ios::trunc} << std::string(100'000, 'x');
    EXPECT_TRUE(open().empty());
    EXPECT_TRUE(is_problem("it is another kind of file"));
    fs::resize_file(file_of("g1"), 0);
    EXPECT_TRUE(open().empty());
    EXPECT_TRUE(is_problem("it is empty: all that was in it was cut off"));
    EXPECT_TRUE(is_problem("give the gateway another key"));
    check();
    EXPECT_TRUE(is_problem("give the gateway another key"));
}

TEST_F(replay_filters_test, a_hole_in_a_file_is_refused)
{
    auto at_work = open();
    for (int i = 0; i < 50; ++i)
        ASSERT_TRUE(claim(*at_work[0][0], std::to_string(i)));
    fs::copy_file(file_of("g1"), folder / "in-use");
    at_work.clear();
    auto const whole = fs::file_size(file_of("g1"));
    auto const last = pssst::replay_filter::size_for(1);
    for (auto const* const when : {"put away", "killed"}) {
        filters.reset();
        fs::resize_file(file_of("g1"), last - 4096);
        fs::resize_file(file_of("g1"), whole);
        start();
        EXPECT_TRUE(open().empty()) << when;
        EXPECT_TRUE(is_problem("cut off or overwritten with zeros")) << when;
        check();
        EXPECT_TRUE(is_problem("cut off or overwritten with zeros")) << when;
        fs::copy_file(folder / "in-use", file_of("g1"), fs::copy_options::overwrite_existing);
    }
    start();
    fs::resize_file(file_of("g1"), last - 4096);
    fs::resize_file(file_of("g1"), whole);
    boot.id = {7};
    start();
    EXPECT_FALSE(open().empty()) << "the machine stopped: the disk may have less";
    EXPECT_TRUE(is_warning("the machine stopped while this file was in use"));
    start();
    EXPECT_FALSE(open().empty()) << "and that is so from then on";
}

TEST_F(replay_filters_test, the_file_of_another_key_is_refused)
{
    open();
    start();
    keyrings.front() = ring_of({"g2"});
    fs::rename(file_of("g1"), file_of("g2"));
    EXPECT_TRUE(open().empty());
    EXPECT_TRUE(is_problem("it is of another gateway key"));
}

TEST_F(replay_filters_test, a_key_that_comes_back_within_days_has_forgotten_nothing)
{
    claim(*open()[0][0], "one");
    auto const with = keyrings.front();
    keyrings.front() = ring_of({"g2"});
    open();
    now += std::chrono::days{6};
    start();
    open();
    EXPECT_TRUE(fs::exists(file_of("g1")));
    keyrings.front() = with;
    EXPECT_FALSE(claim(*open()[0][0], "one"));
    keyrings.front() = ring_of({"g2"});
    now += std::chrono::days{2};
    open();
    EXPECT_TRUE(fs::exists(file_of("g1"))) << "it was there again meanwhile";
    now += std::chrono::days{7};
    open();
    EXPECT_FALSE(fs::exists(file_of("g1")));
    EXPECT_TRUE(fs::exists(file_of("g2")));
}

TEST_F(replay_filters_test, files_of_keys_that_left_before_the_start_go_too)
{
    open();
    start();
    keyrings.front() = ring_of({"g2"});
    open();
    EXPECT_TRUE(fs::exists(file_of("g1")));
    now += std::chrono::days{7};
    open();
    EXPECT_FALSE(fs::exists(file_of("g1")));
    std::ofstream{folder / "pssst-replay-00000000000000000000000000000000"} << "not ours";
    open();
    EXPECT_TRUE(fs::exists(folder / "pssst-replay-00000000000000000000000000000000"));
}

// What is on the disk while the file is in use, and what is there when it was put away.
TEST_F(replay_filters_test, a_machine_that_stopped_is_told_of)
{
    auto const at_work = open();
    fs::copy_file(file_of("g1"), folder / "in-use");
    start();
    boot.id = {2};
    start();
    open();
    EXPECT_TRUE(warnings.empty()) << "it was put away in order";
    filters.reset();
    fs::rename(folder / "in-use", file_of("g1"));
    boot.id = {3};
    start();
    open();
    EXPECT_TRUE(is_warning("the machine stopped while this file was in use"));
}

TEST_F(replay_filters_test, a_process_that_was_killed_is_not)
{
    auto const at_work = open();
    fs::copy_file(file_of("g1"), folder / "in-use");
    filters.reset();
    fs::rename(folder / "in-use", file_of("g1"));
    start();
    open();
    EXPECT_TRUE(warnings.empty());
}

TEST_F(replay_filters_test, without_a_directory_they_live_in_memory_and_that_is_told_once)
{
    settings.state_directory.clear();
    auto const made = open();
    ASSERT_EQ(made.size(), 1U);
    EXPECT_TRUE(is_warning("there is no state_directory"));
    claim(*made[0][0], "one");
    auto const with = keyrings.front();
    keyrings.front() = ring_of({"g2"});
    open();
    keyrings.front() = with;
    EXPECT_FALSE(claim(*open()[0][0], "one")) << "a key that was gone for a reload";
    EXPECT_TRUE(warnings.empty());
    check();
    EXPECT_TRUE(is_warning("there is no state_directory"));
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(replay_filters_test, a_check_makes_nothing_and_finds_what_a_start_would)
{
    check();
    EXPECT_TRUE(problems.empty());
    EXPECT_TRUE(fs::is_empty(folder));
    want(settings.listeners.front(), std::uint64_t{1} << 50);
    check();
    EXPECT_TRUE(is_problem("no room for it"));
    EXPECT_TRUE(open().empty());
    EXPECT_TRUE(is_problem("no room for it"));
    settings.state_directory = folder / "nowhere";
    EXPECT_TRUE(open().empty());
    EXPECT_TRUE(is_problem("cannot use"));
}

TEST_F(replay_filters_test, other_kinds_of_keys_have_none)
{
    keyrings.front() = std::make_shared<identity::keyring const>(
        identity::keyring::parts{}, secret_bytes{pattern_bytes(32)}
    );
    auto const made = open();
    ASSERT_EQ(made.size(), 1U);
    EXPECT_TRUE(made[0].empty());
    EXPECT_TRUE(fs::is_empty(folder));
}

}  // namespace
}  // namespace gatehouse::test
