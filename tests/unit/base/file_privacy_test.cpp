#include "base/file_privacy.h"

#include <gtest/gtest.h>

#include <unistd.h>

namespace gatehouse {

namespace {

constexpr ::uid_t another_user = 4'000'000;
constexpr ::gid_t another_group = 4'000'001;

struct ::stat file_of(::uid_t owner, ::gid_t group, ::mode_t mode)
{
    struct ::stat facts {};
    facts.st_uid = owner;
    facts.st_gid = group;
    facts.st_mode = S_IFREG | mode;
    return facts;
}

std::string problem_of(struct ::stat const& facts, group_bits shown = group_bits::permissions)
{
    return privacy_problem("dir/a.key", facts, shown).value_or("");
}

TEST(file_privacy, owners_are_root_and_this_user)
{
    EXPECT_EQ(problem_of(file_of(0, 0, 0600)), "");
    EXPECT_EQ(problem_of(file_of(::geteuid(), ::getegid(), 0400)), "");
    EXPECT_NE(
        problem_of(file_of(another_user, 0, 0600)).find("another user (uid 4000000)"),
        std::string::npos
    );
}

TEST(file_privacy, others_may_do_nothing)
{
    for (::mode_t const mode : {0604U, 0602U, 0601U, 0666U, 0444U, 0441U})
        EXPECT_NE(
            problem_of(file_of(0, ::getegid(), mode)).find("chmod 600 dir/a.key"), std::string::npos
        ) << octal_mode(mode);
}

TEST(file_privacy, the_own_group_may_read_what_nobody_writes)
{
    EXPECT_EQ(problem_of(file_of(0, ::getegid(), 0440)), "");
    EXPECT_EQ(problem_of(file_of(::geteuid(), ::getegid(), 0440)), "");
    for (::mode_t const mode : {0460U, 0450U, 0470U, 0420U, 0410U})
        EXPECT_NE(problem_of(file_of(0, ::getegid(), mode)), "") << octal_mode(mode);
}

TEST(file_privacy, an_own_file_that_is_open_to_its_group_is_a_mistake)
{
    EXPECT_EQ(
        problem_of(file_of(::geteuid(), ::getegid(), 0640)),
        "is open to other users (mode 0640); close it with: chmod 600 dir/a.key"
    );
}

TEST(file_privacy, a_strange_group_may_not_read)
{
    EXPECT_EQ(
        problem_of(file_of(0, another_group, 0440)),
        "is open to other users (mode 0440, group 4000001, which this process is not in); close it "
        "with: chmod 600 dir/a.key"
    );
    EXPECT_EQ(problem_of(file_of(0, another_group, 0440), group_bits::access_list), "");
    EXPECT_NE(problem_of(file_of(0, another_group, 0444), group_bits::access_list), "");
}

TEST(file_privacy, is_of_regular_files)
{
    auto facts = file_of(0, 0, 0600);
    facts.st_mode = S_IFIFO | 0600;
    EXPECT_EQ(problem_of(facts), "is not a regular file");
}

}  // namespace

}  // namespace gatehouse
