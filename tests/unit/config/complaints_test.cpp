#include "config/complaints.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

TEST(problem_text, names_file_line_and_column)
{
    EXPECT_EQ(to_string({"etc/a.yaml", 3, 7, "wrong"}), "etc/a.yaml:3:7: wrong");
}

TEST(problem_text, shows_a_problem_of_the_whole_file_at_its_start)
{
    EXPECT_EQ(to_string({"etc/a.yaml", 0, 0, "wrong"}), "etc/a.yaml:1:1: wrong");
}

TEST(complaints, are_sorted_by_place_behind_those_of_other_files)
{
    problems found{{"other", 9, 9, "first"}};
    complaints report{"file", found, quoting::allowed};
    EXPECT_FALSE(report.any());
    report.at({2, 5}, "third");
    report.at({2, 1}, "second");
    report.finish();
    EXPECT_TRUE(report.any());
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(to_string(found[0]), "other:9:9: first");
    EXPECT_EQ(to_string(found[1]), "file:2:1: second");
    EXPECT_EQ(to_string(found[2]), "file:2:5: third");
}

TEST(complaints, are_kept_up_to_a_bound_and_the_rest_is_counted)
{
    problems found;
    complaints report{"file", found, quoting::allowed};
    for (int line = 30'000; line > 0; --line) {
        report.at({line, 1}, "wrong");
        report.warn({line, 1}, "weak key", "boiler", "too short");
    }
    report.warn({7, 1}, "wildcard device", "", "any");
    ASSERT_LE(found.size(), 2 * complaints::most_of_a_kind + 1);
    report.finish();
    ASSERT_EQ(found.size(), 2 * complaints::most_of_a_kind + 3);
    EXPECT_EQ(to_string(found[0]), "file:7:1: any") << "one kind does not hide another";
    EXPECT_EQ(to_string(found[found.size() - 2]), "file:1:1: and 29900 more like these");
    EXPECT_EQ(found[found.size() - 2].event, "");
    EXPECT_EQ(found.back().event, "weak key");
}

TEST(quoted_text, has_no_control_characters)
{
    EXPECT_EQ(in_quotes("a\nb\x1b[1m"), "\"a?b?[1m\"");
}

TEST(quoted_text, is_cut_between_characters)
{
    EXPECT_EQ(in_quotes(std::string(200, 'x')), '"' + std::string(80, 'x') + "...\"");
    EXPECT_EQ(
        in_quotes(std::string(79, 'x') + "\xc3\xbc" + "tail"), '"' + std::string(79, 'x') + "...\""
    );
}

}  // namespace

}  // namespace gatehouse::config
