#include "ctl/table.h"

#include <gtest/gtest.h>

namespace gatehouse::ctl {

namespace {

std::vector<column> columns()
{
    return {{"NAME", alignment::left, fitting::may_be_cut}, {"COUNT", alignment::right}, {"END"}};
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
    EXPECT_EQ(
        narrow.take(),
        "NAME       COUNT  END\n"
        "a name …  123456  end\n"
    );
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
