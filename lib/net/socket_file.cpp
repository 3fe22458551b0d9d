#include "net/socket_file.h"

#include <boost/system/error_code.hpp>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gatehouse {

namespace {

// Whoever else holds the directory is no daemon of ours, which needs moments.
constexpr std::chrono::milliseconds between_tries{10};
constexpr int tries = 100;

std::string directory_of(std::string const& path)
{
    auto parent = std::filesystem::path{path}.parent_path().string();
    return parent.empty() ? "." : parent;
}

std::string text_of(int failure)
{
    return boost::system::error_code{failure, boost::system::system_category()}.message();
}

// 0: somebody listens there, even if he has no time now.
int failure_of_connecting(std::string const& path)
{
    ::sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return ENAMETOOLONG;
    path.copy(address.sun_path, path.size());
    descriptor const probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (probe.get() < 0)
        return errno;
    auto const* generic = reinterpret_cast<::sockaddr const*>(&address);
    bool const answered = ::connect(probe.get(), generic, sizeof address) == 0 || errno == EAGAIN ||
                          errno == EINPROGRESS;
    return answered ? 0 : errno;
}

}  // namespace

socket_name_lock::socket_name_lock(std::string const& path)
    : directory_{::open(directory_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)}
{
    if (directory_.get() < 0)
        return;
    for (int i = 0; i < tries && ::flock(directory_.get(), LOCK_EX | LOCK_NB) != 0; ++i)
        std::this_thread::sleep_for(between_tries);
}

std::optional<std::string> clear_stale_socket(std::string const& path)
{
    struct ::stat there {};
    if (::lstat(path.c_str(), &there) != 0)
        return std::nullopt;
    if (!S_ISSOCK(there.st_mode))
        return "something else has this name";
    switch (auto const failure = failure_of_connecting(path)) {
    case 0:
        return "another daemon serves it";
    case ECONNREFUSED:
        if (::unlink(path.c_str()) != 0)
            return "a socket that nobody serves cannot be removed: " + text_of(errno);
        return std::nullopt;
    case ENOENT:
        return std::nullopt;
    default:
        return "whether another daemon serves it cannot be told: " + text_of(failure);
    }
}

void socket_file::take(std::string const& path)
{
    struct ::stat made {};
    if (::lstat(path.c_str(), &made) != 0)
        return;
    path_ = path;
    device_ = made.st_dev;
    inode_ = made.st_ino;
}

void socket_file::remove()
{
    if (path_.empty())
        return;
    socket_name_lock const alone{path_};
    struct ::stat now {};
    if (::lstat(path_.c_str(), &now) == 0 && now.st_dev == device_ && now.st_ino == inode_)
        ::unlink(path_.c_str());
    path_.clear();
}

}  // namespace gatehouse
