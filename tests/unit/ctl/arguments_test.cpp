#include "ctl/arguments.h"
#include "ctl/failure.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gatehouse::ctl {

namespace {

arguments parse(std::vector<char const*> const& words)
{
    return parse_arguments(words);
}

std::string refusal(std::vector<char const*> const& words)
{
    try {
        static_cast<void>(parse_arguments(words));
    } catch (usage_error const& wrong) {
        return wrong.what();
    }
    return "accepted";
}

TEST(ctl_arguments, commands_have_one_word_or_two)
{
    EXPECT_EQ(parse({"status"}).what->name, "status");
    auto const rotate = parse({"device", "rotate", "d1"});
    EXPECT_EQ(rotate.what->name, "device rotate");
    EXPECT_EQ(rotate.operand(0), "d1");
    EXPECT_EQ(rotate.operand(1), "");
}

TEST(ctl_arguments, global_options_stand_anywhere)
{
    for (auto const& words : std::vector<std::vector<char const*>>{
             {"--socket", "/s", "--json", "device", "list"},
             {"device", "--json", "--socket=/s", "list"},
             {"device", "list", "--socket", "/s", "--json"}}) {
        auto const made = parse(words);
        EXPECT_EQ(made.what->name, "device list");
        EXPECT_EQ(made.text("--socket"), "/s");
        EXPECT_TRUE(made.has("--json"));
    }
}

TEST(ctl_arguments, watch_takes_a_number_or_nothing)
{
    EXPECT_EQ(parse({"status", "--watch"}).text("--watch"), "");
    EXPECT_EQ(parse({"status", "--watch", "5"}).seconds("--watch")->count(), 5.0);
    EXPECT_EQ(parse({"status", "--watch=0.5"}).seconds("--watch")->count(), 0.5);
    EXPECT_TRUE(parse({"status", "--watch", "--json"}).has("--json"));
    EXPECT_THROW(parse({"status", "--watch=0"}).seconds("--watch"), usage_error);
    EXPECT_THROW(parse({"status", "--watch=nan"}).seconds("--watch"), usage_error);
    EXPECT_THROW(parse({"status", "--watch=1s"}).seconds("--watch"), usage_error);
}

TEST(ctl_arguments, numbers_are_one_or_more)
{
    EXPECT_EQ(parse({"sessions", "--limit", "12"}).number("--limit"), 12U);
    EXPECT_EQ(parse({"sessions"}).number("--limit"), std::nullopt);
    for (auto const* const wrong : {"0", "-1", "1x", "", "99999999999999999999"})
        EXPECT_THROW(parse({"sessions", "--limit", wrong}).number("--limit"), usage_error);
}

TEST(ctl_arguments, mistakes_are_explained)
{
    EXPECT_EQ(refusal({}), "a command was expected");
    EXPECT_EQ(refusal({"statsu"}), "unknown command \"statsu\"; did you mean status?");
    EXPECT_EQ(refusal({"devcie", "list"}), "unknown command \"devcie\"; did you mean device list?");
    EXPECT_EQ(
        refusal({"device", "rotat", "d1"}),
        "unknown command \"device rotat\"; did you mean device rotate?"
    );
    EXPECT_EQ(refusal({"session"}), "session needs one of: close");
    EXPECT_EQ(refusal({"session", "close"}), "session close needs SESSION");
    EXPECT_EQ(
        refusal({"sessions", "--devise", "d"}),
        "unknown option --devise of sessions; did you mean --device?"
    );
    EXPECT_EQ(refusal({"sessions", "--device"}), "--device needs a value: DEVICE");
    EXPECT_EQ(refusal({"sessions", "--json=1"}), "--json takes no value");
    EXPECT_EQ(refusal({"status", "--json", "--json"}), "--json is written twice");
}

TEST(ctl_arguments, what_may_be_a_secret_is_not_repeated)
{
    for (auto const& words : std::vector<std::vector<char const*>>{
             {"device", "add", "d1", "hex:5a5a5a5a"},
             {"device", "add", "d1", "--secret=hex:5a5a5a5a"},
             {"device", "add", "d1", "--secret", "hex:5a5a5a5a"},
             {"device", "list", "--limit=hex:5a5a5a5a", "more"}})
        EXPECT_EQ(refusal(words).find("5a5a"), std::string::npos) << refusal(words);
}

TEST(ctl_arguments, operands_may_begin_with_a_dash_behind_two)
{
    EXPECT_EQ(parse({"device", "show", "--", "--json"}).operand(0), "--json");
    EXPECT_EQ(parse({"device", "import", "-"}).operand(0), "-");
}

TEST(ctl_arguments, help_is_for_what_stands_before_it)
{
    EXPECT_EQ(parse({"--help"}).group, "");
    EXPECT_EQ(parse({"device", "--help"}).group, "device");
    EXPECT_EQ(parse({"device", "add", "-h"}).group, "device add");
    EXPECT_EQ(parse({"device", "add", "-h"}).wanted, wish::help);
    EXPECT_EQ(parse({"--version"}).wanted, wish::version);
}

}  // namespace

}  // namespace gatehouse::ctl
