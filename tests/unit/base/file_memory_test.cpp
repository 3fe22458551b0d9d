// A file is there as a whole or not at all, belongs to one process, and keeps what was written.
#include "base/file_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>

#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gatehouse::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t size = 3 * 4096;

// Which of the calls fail, counted from the first; none by default.
int calls_until_failure = -1;
int calls_made = 0;

bool fails()
{
    return calls_made++ == calls_until_failure;
}

file_calls const counted{
    [](int fd, int operation) {
        errno = EIO;
        return fails() ? -1 : ::flock(fd, operation);
    },
    [](int fd, off_t from, off_t length) {
        return fails() ? ENOSPC : ::posix_fallocate(fd, from, length);
    },
    [](int fd, void* to, std::size_t length, off_t from) {
        errno = EIO;
        return fails() ? ssize_t{-1} : ::pread(fd, to, length, from);
    },
    [](int fd, void const* from, std::size_t length, off_t to) {
        errno = EIO;
        return fails() ? ssize_t{-1} : ::pwrite(fd, from, length, to);
    },
    [](int fd) {
        errno = EIO;
        return fails() ? -1 : ::fsync(fd);
    },
    [](char const* from, char const* to) {
        errno = EIO;
        return fails() ? -1 : std::rename(from, to);
    },
};

class file_memory_test : public testing::Test {
protected:
    file_memory_test()
    {
        auto pattern = (fs::temp_directory_path() / "gatehouse-file-XXXXXX").string();
        EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
        folder = pattern;
        path = folder / "file";
        calls_until_failure = -1;
        calls_made = 0;
    }
    ~file_memory_test() override { fs::remove_all(folder); }

    file_memory::pointer create()
    {
        return file_memory::create({path, size, write_beginning}, why, counted);
    }
    file_memory::pointer open() { return file_memory::open(path, why, counted); }

    static void write_beginning(mutable_bytes memory) { memory.front() = 0x5a; }

    fs::path folder;
    fs::path path;
    std::string why;
};

TEST_F(file_memory_test, of_the_process_is_zeros)
{
    auto const made = file_memory::of_process(size, why);
    ASSERT_TRUE(made) << why;
    EXPECT_EQ(made->memory().size(), size);
    EXPECT_EQ(std::count(made->memory().begin(), made->memory().end(), 0), size);
    EXPECT_TRUE(made->sync());
}

TEST_F(file_memory_test, of_a_file_keeps_what_was_written)
{
    {
        auto const made = create();
        ASSERT_TRUE(made) << why;
        made->memory().back() = 9;
        EXPECT_TRUE(made->write(size - 1, 1));
        EXPECT_TRUE(made->sync());
    }
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    auto const again = open();
    ASSERT_TRUE(again) << why;
    ASSERT_EQ(again->memory().size(), size);
    EXPECT_EQ(again->memory().front(), 0x5a);
    EXPECT_EQ(again->memory().back(), 9);
    EXPECT_EQ(std::distance(fs::directory_iterator{folder}, {}), 1);
}

TEST_F(file_memory_test, whatever_ends_the_process_loses_nothing)
{
    ASSERT_TRUE(create()) << why;
    auto const child = ::fork();
    if (child == 0) {
        auto const mine = file_memory::open(path, why);
        mine->memory()[4096] = 77;
        mine->write(4096, 1);
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(open()->memory()[4096], 77);
}

// Of a mapped file the first look at it would be SIGBUS.
TEST_F(file_memory_test, a_file_that_is_cut_changes_nothing_here)
{
    auto const made = create();
    ASSERT_TRUE(made) << why;
    fs::resize_file(path, 0);
    EXPECT_EQ(made->memory().front(), 0x5a);
    made->memory()[4096] = 77;
    EXPECT_TRUE(made->write(4096, 1)) << "it grows again";
    EXPECT_EQ(fs::file_size(path), 4097U);
}

TEST_F(file_memory_test, a_write_that_fails_is_told)
{
    auto const made = create();
    calls_made = calls_until_failure = 0;
    EXPECT_FALSE(made->write(0, 1));
    EXPECT_TRUE(made->write(0, 1));
}

TEST_F(file_memory_test, what_is_not_there_is_no_failure)
{
    EXPECT_FALSE(open());
    EXPECT_EQ(why, "");
}

TEST_F(file_memory_test, belongs_to_one_process)
{
    auto const first = create();
    EXPECT_FALSE(open());
    EXPECT_EQ(why, file_memory::in_use);
}

TEST_F(file_memory_test, nobody_else_makes_it_meanwhile)
{
    std::ofstream{path.string() + ".new"}.put('x');
    fs::permissions(path.string() + ".new", fs::perms::owner_read | fs::perms::owner_write);
    auto const other = file_memory::open(path.string() + ".new", why);
    ASSERT_TRUE(other) << why;
    EXPECT_FALSE(create());
    EXPECT_EQ(why, file_memory::in_use);
    EXPECT_EQ(other->memory().front(), 'x') << "it is not ours";
}

TEST_F(file_memory_test, what_a_crash_left_of_making_it_does_not_matter)
{
    std::ofstream{path.string() + ".new"} << std::string(9000, 'x');
    fs::permissions(path.string() + ".new", fs::perms::owner_read | fs::perms::owner_write);
    auto const made = create();
    ASSERT_TRUE(made) << why;
    EXPECT_EQ(made->memory()[1], 0);
}

TEST_F(file_memory_test, what_others_could_have_written_is_refused)
{
    create();
    for (auto const mode : {0640U, 0604U, 0620U}) {
        ::chmod(path.c_str(), mode);
        EXPECT_FALSE(open());
        EXPECT_NE(why.find("chmod 600"), std::string::npos) << why;
    }
    fs::remove(path);
    fs::create_directory(path);
    EXPECT_FALSE(open());
    EXPECT_NE(why, "");
    fs::remove(path);
    fs::create_symlink("/dev/null", path);
    EXPECT_FALSE(open());
    EXPECT_NE(why, "");
    fs::remove(path);
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_FALSE(open());
    EXPECT_NE(why, "");
}

TEST_F(file_memory_test, an_empty_file_is_refused)
{
    std::ofstream{path};
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_FALSE(open());
    EXPECT_EQ(why, file_memory::cut_to_nothing);
}

TEST_F(file_memory_test, creating_fails_at_every_step)
{
    for (calls_until_failure = 0;; ++calls_until_failure) {
        calls_made = 0;
        auto const made = create();
        if (calls_made <= calls_until_failure) {
            EXPECT_TRUE(made) << why;
            break;
        }
        EXPECT_FALSE(made) << calls_until_failure;
        EXPECT_NE(why, "");
        EXPECT_LE(std::distance(fs::directory_iterator{folder}, {}), 1);
        why.clear();
        // What is there is whole, or can be made.
        auto const again = file_memory::open(path, why);
        EXPECT_TRUE(again || why.empty()) << why;
        if (again) {
            EXPECT_EQ(again->memory().front(), 0x5a);
            fs::remove(path);
        }
    }
    EXPECT_EQ(calls_until_failure, 6) << "lock, allocate, write, sync, rename, sync the directory";
}

TEST_F(file_memory_test, opening_fails_at_every_step)
{
    ASSERT_TRUE(create()) << why;
    for (calls_until_failure = 0;; ++calls_until_failure) {
        calls_made = 0;
        why.clear();
        auto const made = open();
        if (calls_made <= calls_until_failure) {
            EXPECT_TRUE(made) << why;
            break;
        }
        EXPECT_FALSE(made);
        EXPECT_NE(why, "");
    }
    EXPECT_EQ(calls_until_failure, 3) << "lock, allocate, read";
}

TEST_F(file_memory_test, a_full_disk_is_found_when_the_file_is_made)
{
    EXPECT_FALSE(file_memory::create({path, std::size_t{1} << 60, write_beginning}, why));
    EXPECT_NE(why.find("no room for it"), std::string::npos) << why;
    EXPECT_TRUE(fs::is_empty(folder));
}

}  // namespace
}  // namespace gatehouse::test
