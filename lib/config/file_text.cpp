#include "config/file_text.h"

#include "base/descriptor.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::config {

namespace {

std::string system_says(int code)
{
    return "cannot be read: " + std::generic_category().message(code);
}

std::string octal(mode_t mode)
{
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777));
    return text.data();
}

std::optional<std::string> privacy_problem(file_request const& request, struct stat const& facts)
{
    if (!S_ISREG(facts.st_mode))
        return "is not a regular file";
    auto const user = ::geteuid();
    if (facts.st_uid != 0 && facts.st_uid != user)
        return "is owned by another user (uid " + std::to_string(facts.st_uid) +
               "); it must belong to root or to the user of this process (uid " +
               std::to_string(user) + ')';
    mode_t const others = request.access == file_access::service_credential ? 007 : 077;
    if ((facts.st_mode & others) != 0)
        return "is open to other users (mode " + octal(facts.st_mode) +
               "); close it with: chmod 600 " + request.path;
    return std::nullopt;
}

// The limit holds for what is read, whatever size the file claims.
std::optional<std::string> read_all(
    int fd, std::size_t size_hint, std::size_t limit, wiped_text& into
)
{
    static constexpr std::size_t step = 65'536;
    wiped_text piece;
    auto* const buffer = piece.prepare(step);
    into.reserve(size_hint + 1);
    while (true) {
        auto const got = ::read(fd, buffer, step);
        if (got == 0)
            return std::nullopt;
        if (got < 0 && errno != EINTR)
            return system_says(errno);
        if (got < 0)
            continue;
        into.append({buffer, static_cast<std::size_t>(got)});
        if (into.view().size() > limit)
            return "is larger than " + std::to_string(limit) + " bytes";
    }
}

}  // namespace

std::optional<std::string> read_file(file_request const& request, wiped_text& into)
{
    // A FIFO with no writer would stop the daemon in open().
    int const flags =
        O_RDONLY | O_CLOEXEC | O_NOCTTY | (request.access == file_access::any ? 0 : O_NONBLOCK);
    descriptor const file{::open(request.path.c_str(), flags)};
    if (file.get() < 0)
        return system_says(errno);
    struct stat facts {};
    if (::fstat(file.get(), &facts) != 0)
        return system_says(errno);
    if (request.access != file_access::any) {
        if (auto why = privacy_problem(request, facts))
            return why;
    }
    auto const size = static_cast<std::size_t>(facts.st_size);
    if (S_ISREG(facts.st_mode) && size > request.limit)
        return "is larger than " + std::to_string(request.limit) + " bytes";
    return read_all(file.get(), S_ISREG(facts.st_mode) ? size : 0, request.limit, into);
}

std::string beside(std::string const& file, std::string_view path)
{
    return (std::filesystem::path{file}.parent_path() / path).string();
}

}  // namespace gatehouse::config
