#include "config/yaml_tree.h"
#include "problem_texts.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using testing::lines_of;

std::vector<std::string> syntax_problems_of(std::string_view text)
{
    problems found;
    complaints report{"f", found, quoting::allowed};
    yaml_tree tree;
    bool const parsed = tree.parse(text, report);
    EXPECT_EQ(parsed, found.empty());
    return lines_of(found);
}

class parsed_tree {
public:
    explicit parsed_tree(std::string_view text) { EXPECT_TRUE(tree_.parse(text, report_)); }

    std::vector<yaml_node> children() const
    {
        std::vector<yaml_node> all;
        for (auto const node : tree_.root())
            all.push_back(node);
        return all;
    }
    yaml_node root() const { return tree_.root(); }

private:
    problems found_;
    complaints report_{"f", found_, quoting::allowed};
    yaml_tree tree_;
};

TEST(yaml_tree, tells_kinds_apart)
{
    parsed_tree const tree{
        "- plain\n- 'quoted'\n- \"quoted\"\n- |\n  block\n- ~\n- [a]\n- {a: b}\n"};
    std::vector<yaml_kind> kinds;
    for (auto const node : tree.children())
        kinds.push_back(node.kind());
    EXPECT_EQ(
        kinds,
        (std::vector{
            yaml_kind::plain,
            yaml_kind::quoted,
            yaml_kind::quoted,
            yaml_kind::quoted,
            yaml_kind::nothing,
            yaml_kind::list,
            yaml_kind::map})
    );
}

TEST(yaml_tree, gives_the_text_as_it_is_written)
{
    parsed_tree const tree{"- 010\n- 'it''s'\n- \"a\\tb\"\n- [x]\n- last\n"};
    auto const nodes = tree.children();
    ASSERT_EQ(nodes.size(), 5U);
    EXPECT_EQ(nodes[0].text(), "010");
    EXPECT_EQ(nodes[1].text(), "it's");
    EXPECT_EQ(nodes[2].text(), "a\tb");
    EXPECT_EQ(nodes[3].text(), "");
    EXPECT_EQ(nodes[4].text(), "last");
}

TEST(yaml_tree, counts_lines_and_columns_from_one)
{
    parsed_tree const tree{"# comment\na: {b: c}\nd:\ne: f\n"};
    auto const nodes = tree.children();
    ASSERT_EQ(nodes.size(), 6U);
    EXPECT_EQ(nodes[0].where().line, 2);
    EXPECT_EQ(nodes[0].where().column, 1);
    EXPECT_EQ(nodes[1].where().column, 4);
    // An empty value stands where its key stands.
    EXPECT_EQ(nodes[3].kind(), yaml_kind::nothing);
    EXPECT_EQ(nodes[3].where().line, 3);
    EXPECT_EQ(nodes[3].where().column, 1);
}

TEST(yaml_tree, of_an_empty_text_is_one_empty_node)
{
    for (auto const* const text : {"", "\n", "# only a comment\n", "---\n", "\xef\xbb\xbf"})
        EXPECT_EQ(parsed_tree{text}.root().kind(), yaml_kind::nothing) << text;
}

TEST(yaml_tree, refuses_what_is_not_one_plain_document)
{
    using testing::wrong_text;
    for (auto const& [text, said] : {
             wrong_text{"a: [1\n", "f:1:4: not valid YAML: this bracket is never closed"},
             {"a: b: c\n", "f:1:5: not valid YAML: a second \": \" in one line"},
             {"a: 1\n\tb: 2\n", "f:2:1: not valid YAML: a tab cannot indent: use spaces"},
             {"a: 1\n  b: 2\n", "f:2:3: not valid YAML: this line is indented more"},
             {"a 1\nb: 2\n", "f:1:1: not valid YAML: a colon is missing"},
             {"a:1\nb: 2\n", "f:1:2: not valid YAML: a space must follow the colon"},
             {"a: [1\nb: 2\n", "f:1:4: not valid YAML: this bracket is not closed before line 2"},
             {"a: [1 {b: c}]\n", "not valid YAML: "},
             {"a: \"x\nb: \"y\"\n",
              "f:1:4: not valid YAML: the text that this quotation mark opens"},
             {"a: @b\n", "f:1:4: not valid YAML: a text that begins with one of"},
             {"a: - b\n", "f:1:4: not valid YAML: an item of a list cannot begin"},
             {"a: \"x\" y\n", "f:1:8: not valid YAML: behind a closing quotation mark"},
             {"a: 1\n---\nb: 2\n", "f:2:1: a second YAML document"},
             {"a: &x 1\n", "f:1:4: anchors (&name) are not supported"},
             {"a: &x 1\nb: *x\n", "f:2:4: aliases (*name) are not supported"},
             {"a: !!str 1\n", "f:1:4: tags (!name) are not supported"},
             {"a: !x [1]\n", "f:1:4: tags (!name) are not supported"},
         })
        EXPECT_TRUE(testing::contains(syntax_problems_of(text), said)) << text;
}

TEST(yaml_tree, refuses_a_quoted_text_that_the_end_of_the_file_cuts_off)
{
    for (auto const* const text :
         {"a: 1\nb: \"x",
          "a: 1\nb: \"x\n",
          "a: 1\nb: 'x\n",
          "a: 1\nb: 'x''\n",
          "a: 1\nb: \"x\\\"\n",
          "\xef\xbb\xbf"
          "a: 1\nb: \"x\n"})
        EXPECT_TRUE(testing::contains(syntax_problems_of(text), "f:2:")) << text;
    for (auto const* const text :
         {"b: \"x\"\n", "b: 'it''s'\n", "b: \"\\\"\"\n", "b: \"two\n  lines\"\n", "b: |\n  \"x\n"})
        EXPECT_EQ(syntax_problems_of(text), std::vector<std::string>{}) << text;
}

TEST(yaml_tree, refuses_control_characters_and_broken_utf8)
{
    using namespace std::string_view_literals;
    EXPECT_TRUE(testing::contains(syntax_problems_of("a: 1\nb: \x04\nc: 2\n"), "f:2:4: not text"));
    EXPECT_TRUE(testing::contains(syntax_problems_of("a: \0\n"sv), "f:1:4: not text"));
    EXPECT_TRUE(testing::contains(syntax_problems_of("a: 1\nb: \xff\n"), "f:2:1: not text"));
    EXPECT_TRUE(testing::contains(syntax_problems_of("a\0:\0 \0b\0"sv), "not text"));
}

TEST(yaml_tree, never_quotes_the_text_in_a_syntax_problem)
{
    for (auto const* const text :
         {"a: \"hunter2\\q\"\n", "%YAML hunter2\n---\na: 1\n", "a: *hunter2\n"})
        EXPECT_FALSE(testing::contains(syntax_problems_of(text), "hunter2")) << text;
}

TEST(yaml_tree, says_where_nesting_is_too_deep)
{
    for (std::string const opening : {"[", "{a: ", "- ", "? "}) {
        std::string text;
        for (int i = 0; i < 200'000; ++i)
            text += opening;
        auto const said = syntax_problems_of(text).front();
        EXPECT_TRUE(said.ends_with(
            ": not valid YAML: lists and maps stand more than 32 deep in each other here"
        )) << said;
        ASSERT_TRUE(said.starts_with("f:1:")) << said;
        EXPECT_LE(std::stoul(said.substr(4)), opening.size() * 32 + 1) << "near its beginning";
    }
    parsed_tree{std::string(32, '[') + std::string(32, ']')};
}

TEST(yaml_tree, refuses_bottomless_nesting)
{
    std::string const deep(100'000, '[');
    EXPECT_FALSE(syntax_problems_of(deep).empty());
}

}  // namespace

}  // namespace gatehouse::config
