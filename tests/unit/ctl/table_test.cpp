#include "ctl/table.h"

#include <gtest/gtest.h>

namespace gatehouse::ctl {

namespace {

std::vector<column> columns()
{
    return {{"NAME", alignment::left, may_be_cut}, {"COUNT", alignment::right}, {"END"}};
}

TEST(ctl_table, columns_are_aligned)
{
    table lines{columns(), 0};
    lines.add({"a", "1", "x"});
    lines.add({"größe", "1000000", ""});
    EXPECT_EQ(
        lines.take(),
        "NAME     COUNT  END\n"
        "a            1  x\n"
        "größe  1000000\n"
    );
}

TEST(ctl_table, only_names_are_cut)
{
    table lines{columns(), 24};
    lines.add({"a name of some length", "123456", "end"});
    EXPECT_EQ(
        lines.take(),
        "NAME          COUNT  END\n"
        "a name of …  123456  end\n"
    );
    table narrow{columns(), 5};
    narrow.add({"a name of some length", "123456", "end"});
    EXPECT_EQ(narrow.take(), "NAME…\na na…\n");
}

TEST(ctl_table, the_widest_is_cut_first)
{
    table lines{{{"A", alignment::left, may_be_cut}, {"B", alignment::left, {10, 0}}, {"C"}}, 26};
    lines.add({"123456789012", "1234567890123456", "c"});
    EXPECT_EQ(
        lines.finish(),
        "A           B            C\n"
        "123456789…  1234567890…  c\n"
    );
}

TEST(ctl_table, columns_without_room_are_left_out_and_named)
{
    std::vector<column> const titles{
        {"A"},
        {"B", alignment::left, {fitting::whole, 1}},
        {"C", alignment::left, {8, 2}},
        {"D"},
    };
    std::vector<std::string> const row{"aaaaaaaa", "bbbbbbbb", "cccccccccccc", "dddddddd"};
    table wide{titles, 42};
    wide.add(row);
    EXPECT_EQ(
        wide.finish(),
        "A         B         C             D\n"
        "aaaaaaaa  bbbbbbbb  cccccccccccc  dddddddd\n"
    );
    table middle{titles, 30};
    middle.add(row);
    EXPECT_EQ(
        middle.finish(),
        "A         B         D\n"
        "aaaaaaaa  bbbbbbbb  dddddddd\n"
        "(no room for C; see --json)\n"
    );
    table narrow{titles, 20};
    narrow.add(row);
    EXPECT_EQ(
        narrow.finish(),
        "A         D\n"
        "aaaaaaaa  dddddddd\n"
        "(no room for B, C; …\n"
    );
}

TEST(ctl_table, later_batches_keep_the_columns_of_the_first)
{
    table lines{{{"A"}, {"B", alignment::left, {fitting::whole, 1}}, {"C"}}, 12};
    lines.add({"aaaa", "bbbb", "cccc"});
    EXPECT_EQ(lines.take(), "A     C\naaaa  cccc\n");
    lines.add({"a", "b", "c"});
    EXPECT_EQ(lines.take(), "a     c\n");
    EXPECT_EQ(lines.finish(), "(no room fo…\n");
}

TEST(ctl_table, batches_have_one_header_and_widen)
{
    table lines{columns(), 0};
    lines.add({"a", "1", "x"});
    EXPECT_EQ(lines.take(), "NAME  COUNT  END\na         1  x\n");
    lines.add({"longer", "2", "y"});
    EXPECT_EQ(lines.take(), "longer      2  y\n");
    lines.add({"b", "3", "z"});
    EXPECT_EQ(lines.take(), "b           3  z\n");
}

TEST(ctl_table, an_empty_table_is_its_header)
{
    table lines{columns(), 0};
    EXPECT_EQ(lines.take(), "NAME  COUNT  END\n");
    EXPECT_EQ(lines.take(), "");
}

TEST(ctl_table, missing_cells_are_empty)
{
    table lines{columns(), 0};
    lines.add({"a"});
    EXPECT_EQ(lines.take(), "NAME  COUNT  END\na\n");
}

}  // namespace

}  // namespace gatehouse::ctl
