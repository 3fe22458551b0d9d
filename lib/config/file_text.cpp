#include "config/file_text.h"

#include "base/descriptor.h"
#include "base/file_privacy.h"

#include <cerrno>
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
        auto const shown = request.access == file_access::service_credential
                               ? group_bits::access_list
                               : group_bits::permissions;
        if (auto why = privacy_problem(request.path, facts, shown))
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
