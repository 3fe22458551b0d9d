#include "store/file_access.h"

#include "base/descriptor.h"
#include "base/file_privacy.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::store {

namespace {

constexpr std::array<std::string_view, 4> suffixes{"", "-wal", "-shm", "-journal"};

failure unsafe(std::string const& path, std::string const& why)
{
    return failure{failure_kind::unsafe_permissions, "device store " + path + ' ' + why};
}

failure system_says(std::string const& path, std::string_view action, int code)
{
    auto const kind = code == ENOSPC || code == EDQUOT  ? failure_kind::full
                      : code == EROFS || code == EACCES ? failure_kind::read_only
                      : code == EEXIST                  ? failure_kind::exists
                      : code == EIO                     ? failure_kind::disk_error
                                                        : failure_kind::cannot_open;
    return failure{
        kind,
        path + " cannot be " + std::string{action} + ": " + std::generic_category().message(code)};
}

std::optional<failure> directory_problem(std::string const& directory)
{
    struct stat facts {};
    if (::stat(directory.c_str(), &facts) != 0)
        return system_says(directory, "used", errno);
    if ((facts.st_mode & S_IWOTH) != 0 && (facts.st_mode & S_ISVTX) == 0)
        return unsafe(
            directory,
            "is a directory that everybody may write to (mode " + octal_mode(facts.st_mode) +
                "); close it with: chmod o-w " + directory
        );
    return std::nullopt;
}

std::optional<failure> file_problem(std::string const& path, struct stat const& facts)
{
    if (S_ISLNK(facts.st_mode))
        return unsafe(path, "is a symbolic link, which is not followed");
    if (auto const why = privacy_problem(path, facts))
        return unsafe(path, *why);
    return std::nullopt;
}

}  // namespace

std::string directory_of(std::string const& path)
{
    auto const parent = std::filesystem::path{path}.parent_path().string();
    return parent.empty() ? "." : parent;
}

outcome<checked_file> check_file(std::string const& path)
{
    auto const name = std::filesystem::path{path}.filename().string();
    if (name.empty() || name == "." || name == "..")
        return failure{failure_kind::cannot_open, "device store " + path + ": this names no file"};
    std::error_code missing;
    auto const directory = std::filesystem::canonical(directory_of(path), missing);
    if (missing)
        return failure{
            failure_kind::cannot_open,
            "device store " + path + ": its directory cannot be used: " + missing.message() +
                "; make one with mode 0700 that belongs to this user"};
    if (auto why = directory_problem(directory.string()))
        return *why;
    checked_file seen{.path = (directory / name).string()};
    for (auto const suffix : suffixes) {
        auto const file = seen.path + std::string{suffix};
        struct stat facts {};
        if (::lstat(file.c_str(), &facts) != 0) {
            if (errno != ENOENT)
                return system_says(file, "looked at", errno);
            continue;
        }
        if (auto why = file_problem(file, facts))
            return *why;
        if (suffix.empty())
            seen.state = presence::there;
    }
    return seen;
}

outcome<> make_private_file(std::string const& path)
{
    {
        descriptor const file{
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
        // The mode is set again because a umask may have taken from it.
        if (file.get() < 0 || ::fchmod(file.get(), 0600) != 0)
            return system_says(path, "made", errno);
    }
    return make_durable(directory_of(path));
}

outcome<> make_durable(std::string const& path)
{
    descriptor const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (file.get() < 0 || ::fsync(file.get()) != 0)
        return system_says(path, "written to the disk", errno);
    return {};
}

}  // namespace gatehouse::store
