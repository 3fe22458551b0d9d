#include "config/file_text.h"
#include "scratch_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::config {

namespace {

std::string complaint_about(file_request const& request)
{
    wiped_text text;
    return read_file(request, text).value_or("");
}

bool says(std::string const& text, std::string_view part)
{
    return text.find(part) != text.npos;
}

TEST(file_text, is_read_whole)
{
    testing::scratch_folder const folder;
    std::string content(200'000, 'x');
    content += "end";
    auto const file = folder.write("a", content);
    wiped_text text;
    EXPECT_EQ(read_file({file, 1'000'000}, text), std::nullopt);
    EXPECT_EQ(text.view(), content);
}

TEST(file_text, is_bounded)
{
    testing::scratch_folder const folder;
    auto const file = folder.write("a", "12345");
    EXPECT_EQ(complaint_about({file, 5}), "");
    EXPECT_EQ(complaint_about({file, 4}), "is larger than 4 bytes");
    EXPECT_EQ(
        complaint_about({"/dev/zero", 100'000, file_access::any}), "is larger than 100000 bytes"
    );
}

TEST(private_file, is_refused_when_group_or_others_have_any_permission)
{
    testing::scratch_folder const folder;
    for (mode_t const mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0601U, 0666U}) {
        auto const file = folder.write("a", "x", mode);
        auto const said = complaint_about({file, 10});
        EXPECT_TRUE(says(said, "is open to other users (mode 06")) << said;
        EXPECT_TRUE(says(said, "chmod 600 " + file)) << said;
    }
    EXPECT_TRUE(says(complaint_about({folder.write("a", "x", 0640), 10}), "(mode 0640)"));
}

TEST(private_file, may_be_read_only)
{
    testing::scratch_folder const folder;
    EXPECT_EQ(complaint_about({folder.write("a", "x", 0400), 10}), "");
    EXPECT_EQ(complaint_about({folder.write("b", "x", 0600), 10}), "");
}

TEST(private_file, is_refused_when_another_user_owns_it)
{
    if (::geteuid() != 0)
        GTEST_SKIP() << "only root can give a file away";
    testing::scratch_folder const folder;
    auto const file = folder.write("a", "x");
    ASSERT_EQ(::chown(file.c_str(), 12345, 0), 0);
    EXPECT_TRUE(says(complaint_about({file, 10}), "is owned by another user (uid 12345)"));
}

TEST(private_file, must_be_a_regular_file)
{
    testing::scratch_folder const folder;
    auto const fifo = folder.path("fifo");
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    EXPECT_EQ(complaint_about({fifo, 10}), "is not a regular file");
    EXPECT_EQ(complaint_about({folder.path(""), 10}), "is not a regular file");
}

TEST(service_credential, may_show_group_permissions)
{
    testing::scratch_folder const folder;
    auto const access = file_access::service_credential;
    EXPECT_EQ(complaint_about({folder.write("a", "x", 0440), 10, access}), "");
    EXPECT_TRUE(says(complaint_about({folder.write("b", "x", 0444), 10, access}), "mode 0444"));
}

TEST(file_without_secrets, may_be_open_to_all)
{
    testing::scratch_folder const folder;
    EXPECT_EQ(complaint_about({folder.write("a", "x", 0666), 10, file_access::any}), "");
}

TEST(file_text, of_a_pipe_is_read_when_its_writer_comes)
{
    testing::scratch_folder const folder;
    auto const pipe = folder.path("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    std::thread writer{[&] { std::ofstream{pipe} << "version: 1"; }};
    wiped_text text;
    auto const why = read_file({pipe, 100, file_access::any}, text);
    writer.join();
    EXPECT_EQ(why, std::nullopt);
    EXPECT_EQ(text.view(), "version: 1");
}

TEST(file_text, of_a_pipe_that_nobody_writes_is_not_waited_for)
{
    testing::scratch_folder const folder;
    auto const pipe = folder.path("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_TRUE(says(complaint_about({pipe, 100, file_access::any}), "nothing came from it"));
}

TEST(file_text, says_why_it_cannot_be_read)
{
    testing::scratch_folder const folder;
    EXPECT_EQ(
        complaint_about({folder.path("absent"), 10}), "cannot be read: No such file or directory"
    );
    EXPECT_EQ(
        complaint_about({folder.path(""), 10, file_access::any}), "cannot be read: Is a directory"
    );
}

TEST(path_in_a_file, is_relative_to_the_folder_of_the_file)
{
    EXPECT_EQ(beside("etc/gatehouse.yaml", "keys/a.yaml"), "etc/keys/a.yaml");
    EXPECT_EQ(beside("/etc/gatehouse.yaml", "../a"), "/etc/../a");
    EXPECT_EQ(beside("gatehouse.yaml", "a"), "a");
    EXPECT_EQ(beside("etc/gatehouse.yaml", "/run/a"), "/run/a");
}

TEST(wiped_text, grows_and_keeps_its_text)
{
    wiped_text text;
    std::string expected;
    for (int i = 0; i < 1'000; ++i) {
        text.append("0123456789");
        expected += "0123456789";
    }
    EXPECT_EQ(text.view(), expected);
}

}  // namespace

}  // namespace gatehouse::config
