#include "file_state.h"

#include "base/descriptor.h"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/stat.h>

namespace gatehouse {

namespace {

std::int64_t nanoseconds(::timespec const& time) noexcept
{
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

file_print print_of(std::string const& path)
{
    struct ::stat found {};
    if (::stat(path.c_str(), &found) != 0)
        return {};
    return {
        found.st_dev,
        found.st_ino,
        found.st_size,
        nanoseconds(found.st_mtim),
        nanoseconds(found.st_ctim)};
}

// The lease lasts for two system calls. Whoever opens the file for writing meanwhile waits for
// them, and the kernel tells us so by a signal, which is one that nobody minds.
file_writer writer_of(std::string const& path)
{
    struct ::stat facts {};
    if (::stat(path.c_str(), &facts) != 0)
        return file_writer::none;
    if (!S_ISREG(facts.st_mode))
        return file_writer::unknown;
    descriptor const file{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    if (file.get() < 0 || ::fcntl(file.get(), F_SETSIG, SIGURG) != 0)
        return file_writer::unknown;
    if (::fcntl(file.get(), F_SETLEASE, F_RDLCK) != 0)
        return errno == EAGAIN ? file_writer::some : file_writer::unknown;
    ::fcntl(file.get(), F_SETLEASE, F_UNLCK);
    return file_writer::none;
}

}  // namespace gatehouse
