#include "ctl/failure.h"
#include "ctl/secret_output.h"
#include "scratch_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include <sys/stat.h>

namespace gatehouse::ctl {

namespace {

std::string content(std::string const& path)
{
    std::ifstream from{path};
    return {std::istreambuf_iterator<char>{from}, {}};
}

TEST(ctl_secret_output, a_pipe_needs_a_word_of_the_operator)
{
    EXPECT_THROW((secret_output{std::nullopt, stream_kind::other}), usage_error);
    EXPECT_THROW((secret_output{"", stream_kind::terminal}), usage_error);
    EXPECT_NO_THROW((secret_output{std::nullopt, stream_kind::terminal}));
    EXPECT_NO_THROW((secret_output{"-", stream_kind::other}));
    EXPECT_TRUE((secret_output{std::nullopt, stream_kind::terminal}.is_shown()));
    EXPECT_FALSE((secret_output{"-", stream_kind::other}.is_shown()));
}

TEST(ctl_secret_output, a_file_is_new_and_private)
{
    scratch_folder const folder;
    auto const path = folder.file("key");
    auto const before = ::umask(0);
    {
        secret_output out{path, stream_kind::other};
        out.write("secret\n");
    }
    ::umask(before);
    EXPECT_EQ(content(path), "secret\n");
    struct ::stat facts {};
    ASSERT_EQ(::stat(path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    EXPECT_THROW((secret_output{path, stream_kind::terminal}), failure);
    EXPECT_EQ(content(path), "secret\n");
}

TEST(ctl_secret_output, nothing_is_left_where_nothing_was_written)
{
    scratch_folder const folder;
    auto const path = folder.file("key");
    {
        secret_output const out{path, stream_kind::other};
    }
    struct ::stat facts {};
    EXPECT_NE(::stat(path.c_str(), &facts), 0);
    EXPECT_THROW((secret_output{folder.file("none/key"), stream_kind::other}), failure);
}

}  // namespace

}  // namespace gatehouse::ctl
