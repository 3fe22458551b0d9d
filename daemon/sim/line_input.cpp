#include "line_input.h"

#include <boost/asio/error.hpp>

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace gatehouse::sim {

namespace {

// Waiting makes a description non-blocking. A terminal's is shared with standard output and with
// the shell that started us, so it is opened anew.
int own_standard_input(bool is_terminal)
{
    if (is_terminal) {
        auto const anew = ::open("/proc/self/fd/0", O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (anew >= 0)
            return anew;
    }
    return ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
}

}  // namespace

line_input::line_input(executor const& where)
    : source_{where}
    , is_terminal_{::isatty(STDIN_FILENO) == 1}
{
    boost::system::error_code failed;
    source_.assign(own_standard_input(is_terminal_), failed);
    at_end_ = failed.failed();
}

void line_input::read(boost::system::error_code const& waited)
{
    // Files cannot be waited for; they are always ready.
    if (waited && waited != boost::asio::error::operation_not_supported) {
        at_end_ = true;
        return;
    }
    std::array<char, 4096> chunk{};
    auto const got = ::read(source_.native_handle(), chunk.data(), chunk.size());
    if (got > 0)
        text_.append(chunk.data(), static_cast<std::size_t>(got));
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        at_end_ = true;
}

std::optional<std::string> line_input::next()
{
    auto const end = text_.find('\n');
    if (end == std::string::npos && (!at_end_ || text_.empty()))
        return std::nullopt;
    auto line = text_.substr(0, end);
    text_.erase(0, end == std::string::npos ? end : end + 1);
    if (line.ends_with('\r'))
        line.pop_back();
    return line;
}

void line_input::stop() noexcept
{
    boost::system::error_code ignored;
    source_.close(ignored);
    at_end_ = true;
    text_.clear();
}

}  // namespace gatehouse::sim
