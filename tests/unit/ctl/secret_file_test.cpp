#include "ctl/failure.h"
#include "ctl/secret_file.h"
#include "scratch_folder.h"

#include <gtest/gtest.h>

#include <fstream>

#include <sys/stat.h>

namespace gatehouse::ctl {

namespace {

void write(std::string const& path, std::string const& text, ::mode_t mode)
{
    std::ofstream{path, std::ios::binary} << text;
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
}

TEST(ctl_secret_file, every_byte_of_a_private_file_counts)
{
    scratch_folder const folder;
    auto const path = folder.file("key");
    std::string const bytes{"\0\xff\n key\n", 9};
    write(path, bytes, 0600);
    EXPECT_EQ(std::string_view{read_secret_file(path, 9)}, bytes);
    write(path, bytes, 0400);
    EXPECT_EQ(read_secret_file(path, 4096).size(), 9U);
}

TEST(ctl_secret_file, files_that_others_can_open_are_refused)
{
    scratch_folder const folder;
    auto const path = folder.file("key");
    for (::mode_t const mode : {0640U, 0604U, 0620U, 0602U, 0644U}) {
        write(path, "key", mode);
        EXPECT_THROW(read_secret_file(path, 10), failure) << mode;
    }
}

TEST(ctl_secret_file, sizes_are_bounded)
{
    scratch_folder const folder;
    auto const path = folder.file("key");
    write(path, "", 0600);
    EXPECT_THROW(read_secret_file(path, 10), failure);
    write(path, std::string(11, 'x'), 0600);
    EXPECT_THROW(read_secret_file(path, 10), failure);
    write(path, std::string(200'000, 'x'), 0600);
    EXPECT_EQ(read_secret_file(path, 200'000).size(), 200'000U);
}

TEST(ctl_secret_file, folders_devices_and_nothing_are_refused)
{
    scratch_folder const folder;
    EXPECT_THROW(read_secret_file(folder.file("."), 10), failure);
    EXPECT_THROW(read_secret_file(folder.file("none"), 10), failure);
    EXPECT_THROW(read_secret_file("/dev/zero", 10), failure);
}

}  // namespace

}  // namespace gatehouse::ctl
