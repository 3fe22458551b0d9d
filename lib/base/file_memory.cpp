#include "base/file_memory.h"

#include <algorithm>
#include <array>
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
constexpr std::size_t page = 4'096;
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
    return errno == EWOULDBLOCK ? std::string{file_memory::in_use} : reason(errno);
}

std::string directory_of(std::string const& path)
{
    auto const slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

// Empty: `errno` says why there are none.
mutable_bytes zeros(std::size_t size) noexcept
{
    auto* const made =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED)
        return {};
    return {static_cast<std::uint8_t*>(made), size};
}

// At most a page.
bool is_zero(bytes what) noexcept
{
    static constexpr std::array<std::uint8_t, page> none{};
    return as_text(what) == as_text(bytes{none}.first(what.size()));
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
    static constexpr file_calls real{
        ::flock, ::posix_fallocate, ::pread, ::pwrite, ::fsync, std::rename};
    return real;
}

file_memory::pointer file_memory::of_process(std::size_t size, std::string& why)
{
    auto const made = zeros(size);
    if (made.empty()) {
        why = reason(errno);
        return nullptr;
    }
    return pointer{new file_memory{-1, made, file_calls::of_system()}};
}

// Takes the descriptor. The file has its room.
file_memory::pointer file_memory::with_file(
    int fd, std::size_t size, std::string& why, file_calls const& calls
)
{
    pointer made{new file_memory{fd, {}, calls}};
    if (auto const failed = calls.allocate(fd, 0, static_cast<off_t>(size)); failed != 0) {
        why = "no room for it: " + reason(failed);
        return nullptr;
    }
    made->memory_ = zeros(size);
    if (made->memory_.empty()) {
        why = reason(errno);
        return nullptr;
    }
    return made;
}

// Pages of zeros are not touched, so they take no memory.
bool file_memory::read_file() noexcept
{
    std::array<std::uint8_t, 16 * page> buffer{};
    for (std::size_t at = 0; at < memory_.size();) {
        auto const wanted = std::min(buffer.size(), memory_.size() - at);
        auto const got = calls_.read(file_.get(), buffer.data(), wanted, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        auto const read = bytes{buffer}.first(static_cast<std::size_t>(got));
        for (std::size_t part = 0; part < read.size(); part += page) {
            auto const one = read.subspan(part, std::min(page, read.size() - part));
            if (!is_zero(one))
                std::copy(one.begin(), one.end(), memory_.subspan(at + part).begin());
        }
        at += read.size();
    }
    return true;
}

bool file_memory::write_pages_in_use() noexcept
{
    for (std::size_t at = 0; at < memory_.size(); at += page) {
        auto const size = std::min(page, memory_.size() - at);
        if (!is_zero(memory_.subspan(at, size)) && !write(at, size))
            return false;
    }
    return true;
}

bool file_memory::write(std::size_t from, std::size_t size) noexcept
{
    auto left = memory_.subspan(from, size);
    while (file_.get() >= 0 && !left.empty()) {
        auto const written =
            calls_.write(file_.get(), left.data(), left.size(), static_cast<off_t>(from));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        left = left.subspan(static_cast<std::size_t>(written));
        from += static_cast<std::size_t>(written);
    }
    return true;
}

file_memory::pointer file_memory::open(
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
        why = cut_to_nothing;
    if (why.empty())
        why = lock_it(fd, calls);
    if (!why.empty()) {
        ::close(fd);
        return nullptr;
    }
    auto made = with_file(fd, static_cast<std::size_t>(found.st_size), why, calls);
    if (made && !made->read_file()) {
        why = "it cannot be read: " + reason(errno);
        made.reset();
    }
    return made;
}

// An empty one of its own name, of which only one process at a time makes anything; negative when
// there is none.
int file_memory::open_new(std::string const& name, std::string& why, file_calls const& calls)
{
    int const fd = ::open(name.c_str(), how_opened | O_CREAT, owner_only);
    if (fd < 0) {
        why = reason(errno);
        return -1;
    }
    struct stat found {};
    why = why_not_ours(fd, found);
    if (why.empty())
        why = lock_it(fd, calls);
    if (why.empty() && ::ftruncate(fd, 0) != 0)
        why = reason(errno);
    if (why.empty())
        return fd;
    ::close(fd);
    return -1;
}

bool file_memory::fill_file(std::string& why) noexcept
{
    if (write_pages_in_use() && sync())
        return true;
    why = reason(errno);
    return false;
}

// It is whole: under its own name from now on.
bool file_memory::rename_new(
    std::string const& name, std::string const& path, std::string& why, file_calls const& calls
)
{
    if (calls.rename(name.c_str(), path.c_str()) != 0) {
        why = reason(errno);
        return false;
    }
    return true;
}

file_memory::pointer file_memory::create(
    plan const& what, std::string& why, file_calls const& calls
)
{
    auto const first_name = what.path + ".new";
    int const fd = open_new(first_name, why, calls);
    if (fd < 0)
        return nullptr;
    auto made = with_file(fd, what.size, why, calls);
    if (made) {
        what.prepare(made->memory_);
        if (!made->fill_file(why) || !rename_new(first_name, what.path, why, calls))
            made.reset();
    }
    if (!made) {
        ::unlink(first_name.c_str());
        return nullptr;
    }
    why = sync_directory(directory_of(what.path), calls);
    return why.empty() ? std::move(made) : nullptr;
}

bool file_memory::is_at(std::string const& path) const noexcept
{
    struct stat mine {};
    struct stat there {};
    return ::fstat(file_.get(), &mine) == 0 && ::lstat(path.c_str(), &there) == 0 &&
           mine.st_dev == there.st_dev && mine.st_ino == there.st_ino &&
           mine.st_size == static_cast<off_t>(memory_.size());
}

bool file_memory::put_back(std::string const& path, std::string& why)
{
    descriptor const there{::open(path.c_str(), how_opened)};
    if (there.get() >= 0 && !is_at(path)) {
        struct stat same {};
        struct stat mine {};
        bool const is_mine = ::fstat(there.get(), &same) == 0 && ::fstat(file_.get(), &mine) == 0 &&
                             same.st_dev == mine.st_dev && same.st_ino == mine.st_ino;
        why = is_mine ? std::string{} : lock_it(there.get(), calls_);
        if (!why.empty())
            return false;
    }
    auto const first_name = path + ".new";
    descriptor made{open_new(first_name, why, calls_)};
    if (made.get() < 0)
        return false;
    auto const size = static_cast<off_t>(memory_.size());
    if (auto const failed = calls_.allocate(made.get(), 0, size); failed != 0) {
        why = "no room for it: " + reason(failed);
        ::unlink(first_name.c_str());
        return false;
    }
    file_.swap(made);
    if (!fill_file(why) || !rename_new(first_name, path, why, calls_)) {
        file_.swap(made);
        ::unlink(first_name.c_str());
        return false;
    }
    why = sync_directory(directory_of(path), calls_);
    return why.empty();
}

file_memory::~file_memory()
{
    if (!memory_.empty())
        ::munmap(memory_.data(), memory_.size());
}

bool file_memory::sync() noexcept
{
    return file_.get() < 0 || calls_.sync(file_.get()) == 0;
}

}  // namespace gatehouse
