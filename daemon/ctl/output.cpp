#include "output.h"

#include "failure.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <unistd.h>

namespace gatehouse::ctl {

bool write_all(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        auto const written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

void print(std::string_view text)
{
    if (!write_all(STDOUT_FILENO, text))
        throw failure{
            "failed",
            "standard output cannot be written: " + std::generic_category().message(errno)};
}

void note(std::string_view text)
{
    static_cast<void>(write_all(STDERR_FILENO, text));
}

void complain(std::string_view text)
{
    note("gatehousectl: " + std::string{text} + '\n');
}

}  // namespace gatehouse::ctl
