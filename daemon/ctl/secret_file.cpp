#include "secret_file.h"

#include "base/descriptor.h"
#include "failure.h"
#include "output.h"
#include "visible_text.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::ctl {

namespace {

[[noreturn]] void refuse(std::string const& path, std::string const& why)
{
    throw failure{"failed", (path == "-" ? "standard input" : visible(path)) + ' ' + why};
}

// Standard input was opened by somebody else, who decided.
void check_privacy(std::string const& path, int descriptor)
{
    struct ::stat facts {};
    if (::fstat(descriptor, &facts) != 0)
        refuse(path, "cannot be examined: " + std::generic_category().message(errno));
    if (!S_ISREG(facts.st_mode) && !S_ISFIFO(facts.st_mode))
        refuse(path, "is neither a file nor a pipe");
    if ((facts.st_mode & 0077U) != 0)
        refuse(path, "holds a secret and is open to others: chmod 600 it first");
}

}  // namespace

wiped_string read_secret_file(std::string const& path, std::size_t limit)
{
    static constexpr std::size_t step = std::size_t{64} << 10;
    descriptor const opened{path == "-" ? -1 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    auto const file = path == "-" ? STDIN_FILENO : opened.get();
    if (file < 0)
        refuse(path, "cannot be read: " + std::generic_category().message(errno));
    if (path != "-")
        check_privacy(path, file);
    wiped_string read;
    for (;;) {
        auto const before = read.size();
        read.resize(before + std::min(step, limit + 1));
        auto const count = ::read(file, read.data() + before, read.size() - before);
        auto const failed = count < 0 ? errno : 0;
        read.resize(before + static_cast<std::size_t>(std::max<::ssize_t>(count, 0)));
        if (failed == EINTR)
            continue;
        if (failed != 0)
            refuse(path, "cannot be read: " + std::generic_category().message(failed));
        if (read.size() > limit)
            refuse(path, "is longer than " + std::to_string(limit) + " bytes");
        if (count == 0)
            break;
    }
    if (read.empty())
        refuse(path, "is empty: the secret must stand in it");
    return read;
}

void append_hex(bytes secret, wiped_string& to)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    to.reserve(to.size() + 2 * secret.size());
    for (auto const value : secret) {
        to += digits[value >> 4U];
        to += digits[value & 0xFU];
    }
}

secret_bytes read_key(std::string const& path, key_length wanted)
{
    auto const content = read_secret_file(path, largest_key_file);
    auto read = gatehouse::read_key_file(content, wanted);
    if (auto const* const why = std::get_if<std::string>(&read))
        refuse(path, *why);
    auto& key = std::get<key_from_file>(read);
    note(
        (path == "-" ? "standard input" : visible(path)) + " holds " +
        describe(key.form, key.value.size()) + '\n'
    );
    return std::move(key.value);
}

}  // namespace gatehouse::ctl
