#include "net/stderr_sink.h"

#include <cerrno>
#include <chrono>
#include <climits>
#include <string_view>

#include <poll.h>
#include <unistd.h>

namespace gatehouse::log {

namespace {

constexpr std::chrono::milliseconds patience{1000};

// A pipe that polls as writable takes this much without blocking.
constexpr std::size_t most_at_once = PIPE_BUF;

bool writable(std::chrono::milliseconds within) noexcept
{
    ::pollfd state{STDERR_FILENO, POLLOUT, 0};
    return ::poll(&state, 1, static_cast<int>(within.count())) == 1 &&
           (state.revents & POLLOUT) != 0;
}

}  // namespace

void stderr_sink::sink_it_(spdlog::details::log_msg const& message)
{
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::string_view rest{line.data(), line.size()};
    while (!rest.empty()) {
        if (!writable(patient_ ? patience : std::chrono::milliseconds{0})) {
            dropped_.fetch_add(1, std::memory_order_relaxed);
            return;
        }
        auto const wrote = ::write(STDERR_FILENO, rest.data(), std::min(rest.size(), most_at_once));
        if (wrote > 0)
            rest.remove_prefix(static_cast<std::size_t>(wrote));
        else if (errno != EINTR && errno != EAGAIN)
            return;
    }
}

}  // namespace gatehouse::log
