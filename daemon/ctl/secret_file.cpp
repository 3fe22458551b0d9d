#include "secret_file.h"

#include "failure.h"
#include "visible_text.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::ctl {

namespace {

class open_file {
public:
    explicit open_file(std::string const& path)
        : descriptor_{path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)}
    {
    }
    ~open_file()
    {
        if (descriptor_ > STDIN_FILENO)
            ::close(descriptor_);
    }
    open_file(open_file const&) = delete;
    open_file& operator=(open_file const&) = delete;

    int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

[[noreturn]] void refuse(std::string const& path, std::string const& why)
{
    throw failure{"failed", (path == "-" ? "standard input" : visible(path)) + ' ' + why};
}

// Standard input was opened by somebody else, who decided.
void check_privacy(std::string const& path, int descriptor)
{
    struct ::stat facts {};
    if (::fstat(descriptor, &facts) != 0)
        refuse(path, std::string{"cannot be examined: "} + std::strerror(errno));
    if (!S_ISREG(facts.st_mode) && !S_ISFIFO(facts.st_mode))
        refuse(path, "is neither a file nor a pipe");
    if ((facts.st_mode & 0077U) != 0)
        refuse(path, "holds a secret and is open to others: chmod 600 it first");
}

}  // namespace

wiped_string read_secret_file(std::string const& path, std::size_t limit)
{
    static constexpr std::size_t step = std::size_t{64} << 10;
    open_file const file{path};
    if (file.descriptor() < 0)
        refuse(path, std::string{"cannot be read: "} + std::strerror(errno));
    if (path != "-")
        check_privacy(path, file.descriptor());
    wiped_string read;
    for (;;) {
        auto const before = read.size();
        read.resize(before + std::min(step, limit + 1));
        auto const count = ::read(file.descriptor(), read.data() + before, read.size() - before);
        auto const failed = count < 0 ? errno : 0;
        read.resize(before + static_cast<std::size_t>(std::max<::ssize_t>(count, 0)));
        if (failed == EINTR)
            continue;
        if (failed != 0)
            refuse(path, std::string{"cannot be read: "} + std::strerror(failed));
        if (read.size() > limit)
            refuse(path, "is longer than " + std::to_string(limit) + " bytes");
        if (count == 0)
            break;
    }
    if (read.empty())
        refuse(path, "is empty");
    return read;
}

}  // namespace gatehouse::ctl
