#include "store/file_access.h"

#include "base/descriptor.h"

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

std::string octal(mode_t mode)
{
    std::string text(4, '0');
    for (std::size_t digit = 0; digit < text.size(); ++digit)
        text[text.size() - 1 - digit] = static_cast<char>('0' + (mode >> (3 * digit) & 7));
    return text;
}

std::string whose(uid_t owner)
{
    return "belongs to another user (uid " + std::to_string(owner) +
           "); it must belong to root or to the user of this process (uid " +
           std::to_string(::geteuid()) + ')';
}

std::optional<failure> directory_problem(std::string const& directory)
{
    struct stat facts {};
    if (::stat(directory.c_str(), &facts) != 0)
        return system_says(directory, "used", errno);
    if ((facts.st_mode & S_IWOTH) != 0 && (facts.st_mode & S_ISVTX) == 0)
        return unsafe(
            directory,
            "is a directory that everybody may write to (mode " + octal(facts.st_mode & 07777) +
                "); close it with: chmod o-w " + directory
        );
    return std::nullopt;
}

std::optional<failure> file_problem(std::string const& path, struct stat const& facts)
{
    if (!S_ISREG(facts.st_mode))
        return unsafe(path, "is not a regular file (symbolic links are not followed)");
    if (facts.st_uid != 0 && facts.st_uid != ::geteuid())
        return unsafe(path, whose(facts.st_uid));
    if ((facts.st_mode & 077) != 0)
        return unsafe(
            path,
            "is open to other users (mode " + octal(facts.st_mode & 07777) +
                "); close it with: chmod 600 " + path
        );
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
