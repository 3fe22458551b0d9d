#include "net/socket_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gatehouse {

namespace {

class socket_files : public testing::Test {
protected:
    socket_files()
    {
        std::string pattern = testing::TempDir() + "gatehouse-socket-XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
        path_ = folder_ + "/a.sock";
    }
    ~socket_files() override
    {
        ::unlink(path_.c_str());
        ::rmdir(folder_.c_str());
    }

    // A socket of this name; listening, if there is a backlog.
    static int make_socket(std::string const& path, int backlog)
    {
        ::sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, path.size());
        auto const made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        auto const* generic = reinterpret_cast<::sockaddr const*>(&address);
        EXPECT_EQ(::bind(made, generic, sizeof address), 0);
        if (backlog >= 0) {
            EXPECT_EQ(::listen(made, backlog), 0);
        }
        return made;
    }
    bool exists() const { return ::access(path_.c_str(), F_OK) == 0; }

    std::string folder_;
    std::string path_;
};

TEST_F(socket_files, a_socket_that_nobody_serves_makes_way)
{
    EXPECT_EQ(clear_stale_socket(path_), std::nullopt);
    ::close(make_socket(path_, 1));
    EXPECT_EQ(clear_stale_socket(path_), std::nullopt);
    EXPECT_FALSE(exists());
}

TEST_F(socket_files, one_that_is_served_does_not)
{
    descriptor const served{make_socket(path_, 0)};
    EXPECT_EQ(clear_stale_socket(path_), "another daemon serves it");
    // Each look leaves a connection behind: its queue is full by now.
    EXPECT_EQ(clear_stale_socket(path_), "another daemon serves it");
    EXPECT_EQ(clear_stale_socket(path_), "another daemon serves it");
    EXPECT_TRUE(exists());
}

TEST_F(socket_files, what_is_no_socket_does_not)
{
    std::ofstream{path_} << "mine";
    EXPECT_EQ(clear_stale_socket(path_), "something else has this name");
    EXPECT_TRUE(exists());
}

TEST_F(socket_files, goes_with_its_owner)
{
    descriptor const ours{make_socket(path_, 1)};
    {
        socket_file file;
        file.take(path_);
        EXPECT_TRUE(exists());
    }
    EXPECT_FALSE(exists());
}

TEST_F(socket_files, of_somebody_else_stays)
{
    descriptor const ours{make_socket(path_, 1)};
    socket_file file;
    file.take(path_);
    ::unlink(path_.c_str());
    descriptor const theirs{make_socket(path_, 1)};
    file.remove();
    EXPECT_TRUE(exists());
}

}  // namespace

}  // namespace gatehouse
