#include "ctl/command_table.h"
#include "ctl/completion_script.h"
#include "ctl/usage_text.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace gatehouse::ctl {

namespace {

TEST(ctl_command_table, names_are_unique_and_everything_is_described)
{
    std::set<std::string_view> names;
    for (auto const& each : all_commands()) {
        EXPECT_TRUE(names.insert(each.name).second) << each.name;
        EXPECT_FALSE(each.summary.empty()) << each.name;
        EXPECT_NE(each.run, nullptr) << each.name;
        std::set<std::string_view> options;
        for (auto const& own : each.options) {
            EXPECT_TRUE(own.name.starts_with("--")) << own.name;
            EXPECT_FALSE(own.help.empty()) << own.name;
            EXPECT_TRUE(options.insert(own.name).second) << own.name;
        }
    }
}

// The scripts skip the value of an option without knowing the command.
TEST(ctl_command_table, an_option_takes_a_value_everywhere_or_nowhere)
{
    std::set<std::string_view> with;
    std::set<std::string_view> without;
    for (auto const& each : all_commands())
        for (auto const& own : each.options)
            (takes_value(own) ? with : without).insert(own.name);
    for (auto const name : with)
        EXPECT_FALSE(without.contains(name)) << name;
}

TEST(ctl_command_table, help_and_completion_name_everything)
{
    auto const bash = bash_completion();
    auto const zsh = zsh_completion();
    auto const fish = fish_completion();
    for (auto const& each : all_commands()) {
        EXPECT_NE(help_for("").find(each.name), std::string::npos) << each.name;
        auto const word = std::string{each.name.substr(each.name.find(' ') + 1)};
        EXPECT_NE(bash.find('\'' + word + ':'), std::string::npos) << each.name;
        EXPECT_NE(zsh.find('\'' + word + ':'), std::string::npos) << each.name;
        EXPECT_NE(fish.find(" -a " + word + " -d "), std::string::npos) << each.name;
        for (auto const& own : each.options) {
            EXPECT_NE(help_for(each.name).find(own.name), std::string::npos) << own.name;
            EXPECT_NE(bash.find(own.name), std::string::npos) << own.name;
            EXPECT_NE(fish.find(" -l " + std::string{own.name.substr(2)}), std::string::npos)
                << own.name;
        }
    }
}

TEST(ctl_command_table, what_only_scripts_call_is_not_shown)
{
    EXPECT_NE(find_command("__complete"), nullptr);
    EXPECT_EQ(help_for("").find("__complete"), std::string::npos);
}

}  // namespace

}  // namespace gatehouse::ctl
