#include "config/file_text.h"

#include "base/descriptor.h"
#include "base/file_privacy.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::config {

namespace {

std::string system_says(int code)
{
    return "cannot be read: " + std::generic_category().message(code);
}

// How long a pipe or a device may give nothing before the rest of it is not waited for.
constexpr int patience = 2'000;  // ms

std::optional<std::string> wait_for_more(int fd)
{
    ::pollfd waiting{fd, POLLIN, 0};
    for (;;) {
        auto const ready = ::poll(&waiting, 1, patience);
        if (ready > 0)
            return std::nullopt;
        if (ready == 0)
            return "is not a file, and nothing came from it for two seconds";
        if (errno != EINTR)
            return system_says(errno);
    }
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
        if (got < 0 && errno == EAGAIN) {
            if (auto why = wait_for_more(fd))
                return why;
            continue;
        }
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
    // A FIFO with no writer would stop the daemon in open(), and in read().
    descriptor const file{
        ::open(request.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
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
    // Its writer may be about to open it: until then read() would say that it is at its end.
    if (S_ISFIFO(facts.st_mode))
        if (auto why = wait_for_more(file.get()))
            return why;
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
