#include "config/yaml_map.h"
#include "problem_texts.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using testing::contains;

// The problems of a map that knows the keys `name` and `bind` (required), and refuses `store`.
std::vector<std::string> map_problems_of(
    std::string_view text, quoting may_quote = quoting::allowed
)
{
    problems found;
    complaints report{"f", found, may_quote};
    yaml_tree tree;
    EXPECT_TRUE(tree.parse(text, report));
    yaml_map map{tree.root(), "a thing", report};
    map.find("name");
    map.require("bind");
    map.refuse("store", "is not for sale");
    map.finish();
    return testing::lines_of(found);
}

TEST(yaml_map, is_silent_about_known_keys)
{
    EXPECT_TRUE(map_problems_of("name: a\nbind: b\n").empty());
    EXPECT_TRUE(map_problems_of("{bind: b}").empty());
}

TEST(yaml_map, suggests_the_nearest_key_for_an_unknown_one)
{
    EXPECT_EQ(
        map_problems_of("bind: b\nnmae: a\n"),
        std::vector<std::string>{"f:2:1: unknown key \"nmae\"; did you mean \"name\"?"}
    );
}

TEST(yaml_map, lists_the_known_keys_when_none_is_near)
{
    EXPECT_EQ(
        map_problems_of("bind: b\nsomething: a\n"),
        std::vector<std::string>{"f:2:1: unknown key \"something\"; known here: name, bind"}
    );
}

TEST(yaml_map, refuses_duplicate_keys)
{
    EXPECT_EQ(
        map_problems_of("bind: b\nbind: b\n"),
        std::vector<std::string>{"f:2:1: duplicate key \"bind\"; it stands in line 1 already"}
    );
    EXPECT_TRUE(
        contains(map_problems_of("{bind: b, x1y2z3: 1, \"x1y2z3\": 2}"), "f:1:22: duplicate")
    );
}

TEST(yaml_map, names_a_missing_key)
{
    EXPECT_EQ(
        map_problems_of("\n\nname: a\n"),
        std::vector<std::string>{"f:3:1: the key \"bind\" is missing here"}
    );
}

TEST(yaml_map, says_why_a_key_is_refused)
{
    EXPECT_EQ(
        map_problems_of("bind: b\nstore: 1\n"),
        std::vector<std::string>{"f:2:1: \"store\" is not for sale"}
    );
}

TEST(yaml_map, must_be_a_map_with_texts_as_keys)
{
    EXPECT_EQ(
        map_problems_of("[a, b]"),
        std::vector<std::string>{"f:1:1: a thing must be a map of keys, not a list"}
    );
    EXPECT_EQ(
        map_problems_of("word"),
        std::vector<std::string>{"f:1:1: a thing must be a map of keys, not \"word\""}
    );
    EXPECT_TRUE(
        contains(map_problems_of("bind: b\n[a]: c\n"), "f:2:1: a key must be text, not a list")
    );
    EXPECT_TRUE(contains(map_problems_of("bind: b\n~: c\n"), "a key must be text, but it is empty")
    );
}

TEST(yaml_map, shows_nothing_of_a_confidential_file)
{
    for (auto const* const text :
         {"hex:0011: 1\nhex:0011: 2\n", "hex:0011", "{bind: b, hex:0011}"}) {
        auto const said = map_problems_of(text, quoting::forbidden);
        EXPECT_FALSE(said.empty()) << text;
        EXPECT_FALSE(contains(said, "0011")) << text;
    }
}

}  // namespace

}  // namespace gatehouse::config
