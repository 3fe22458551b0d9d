#include "base/mapped_memory.h"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse {

namespace {

constexpr auto owner_only = S_IRUSR | S_IWUSR;
constexpr auto how_opened = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;

std::string reason(int number)
{
    return std::generic_category().message(number);
}

// Empty: it is ours alone.
std::string why_not_ours(int fd, struct stat& found)
{
    if (::fstat(fd, &found) != 0)
        return reason(errno);
    if (!S_ISREG(found.st_mode))
        return "it is not a regular file";
    if (found.st_uid != ::geteuid() && found.st_uid != 0)
        return "it is another user's";
    if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return "others may open it: chmod 600";
    return {};
}

std::string lock_it(int fd, file_calls const& calls)
{
    if (calls.lock(fd, LOCK_EX | LOCK_NB) == 0)
        return {};
    return errno == EWOULDBLOCK ? std::string{mapped_memory::in_use} : reason(errno);
}

std::string directory_of(std::string const& path)
{
    auto const slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

// A new name in it is on the disk.
std::string sync_directory(std::string const& path, file_calls const& calls)
{
    descriptor const directory{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY)};
    if (directory.get() < 0 || calls.sync(directory.get()) != 0)
        return reason(errno);
    return {};
}

}  // namespace

file_calls const& file_calls::of_system() noexcept
{
    static constexpr file_calls real{::flock, ::posix_fallocate, ::mmap, ::fsync, std::rename};
    return real;
}

mapped_memory::pointer mapped_memory::of_process(std::size_t size, std::string& why)
{
    auto* const made =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED) {
        why = reason(errno);
        return nullptr;
    }
    return pointer{new mapped_memory{-1, {static_cast<std::uint8_t*>(made), size}}};
}

// Takes the descriptor. The file has its room.
mapped_memory::pointer mapped_memory::map_file(
    int fd, std::size_t size, std::string& why, file_calls const& calls
)
{
    pointer made{new mapped_memory{fd, {}}};
    if (auto const failed = calls.allocate(fd, 0, static_cast<off_t>(size)); failed != 0) {
        why = "no room for it: " + reason(failed);
        return nullptr;
    }
    auto* const at = calls.map(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) {
        why = reason(errno);
        return nullptr;
    }
    made->memory_ = {static_cast<std::uint8_t*>(at), size};
    return made;
}

mapped_memory::pointer mapped_memory::open(
    std::string const& path, std::string& why, file_calls const& calls
)
{
    int const fd = ::open(path.c_str(), how_opened);
    if (fd < 0) {
        why = errno == ENOENT ? std::string{} : reason(errno);
        return nullptr;
    }
    struct stat found {};
    why = why_not_ours(fd, found);
    if (why.empty() && found.st_size == 0)
        why = "it is empty";
    if (why.empty())
        why = lock_it(fd, calls);
    if (!why.empty()) {
        ::close(fd);
        return nullptr;
    }
    return map_file(fd, static_cast<std::size_t>(found.st_size), why, calls);
}

// Takes the descriptor, which is locked.
mapped_memory::pointer mapped_memory::fill_file(
    int fd, plan const& what, std::string& why, file_calls const& calls
)
{
    if (::ftruncate(fd, 0) != 0) {
        why = reason(errno);
        ::close(fd);
        return nullptr;
    }
    auto made = map_file(fd, what.size, why, calls);
    if (!made)
        return nullptr;
    what.prepare(made->memory_);
    if (calls.sync(fd) == 0)
        return made;
    why = reason(errno);
    return nullptr;
}

// Under another name first, of which only one process at a time makes anything.
mapped_memory::pointer mapped_memory::create(
    plan const& what, std::string& why, file_calls const& calls
)
{
    auto const first_name = what.path + ".new";
    int const fd = ::open(first_name.c_str(), how_opened | O_CREAT, owner_only);
    if (fd < 0) {
        why = reason(errno);
        return nullptr;
    }
    struct stat found {};
    why = why_not_ours(fd, found);
    if (why.empty())
        why = lock_it(fd, calls);
    if (!why.empty()) {
        ::close(fd);
        return nullptr;
    }
    auto made = fill_file(fd, what, why, calls);
    if (made && calls.rename(first_name.c_str(), what.path.c_str()) != 0) {
        why = reason(errno);
        made.reset();
    }
    if (!made) {
        ::unlink(first_name.c_str());
        return nullptr;
    }
    why = sync_directory(directory_of(what.path), calls);
    return why.empty() ? std::move(made) : nullptr;
}

mapped_memory::~mapped_memory()
{
    if (!memory_.empty())
        ::munmap(memory_.data(), memory_.size());
}

bool mapped_memory::sync() noexcept
{
    return file_.get() < 0 || ::fsync(file_.get()) == 0;
}

}  // namespace gatehouse
