#include "net/stderr_sink.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>

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

bool stderr_lines::write(std::string_view line)
{
    std::lock_guard const alone{mutex_};
    auto const whole = (cut_ ? "\n" : "") + std::string{line} + '\n';
    std::string_view rest{whole};
    while (!rest.empty()) {
        if (!writable(patient_ ? patience : std::chrono::milliseconds{0}))
            return false;
        auto const wrote = ::write(STDERR_FILENO, rest.data(), std::min(rest.size(), most_at_once));
        if (wrote > 0) {
            rest.remove_prefix(static_cast<std::size_t>(wrote));
            cut_ = !rest.empty();
        } else if (wrote < 0 && errno != EINTR && errno != EAGAIN) {
            return false;
        }
    }
    return true;
}

std::uint64_t stderr_sink::lost() const
{
    auto const overrun = queue_ == nullptr ? 0 : queue_->overrun_counter();
    return overrun + unwritten_.load(std::memory_order_relaxed);
}

void stderr_sink::sink_it_(spdlog::details::log_msg const& message)
{
    bool const written =
        tell_what_is_missing() && to_.write({message.payload.data(), message.payload.size()});
    if (!written)
        lose_one();
}

// False when not even that can be written.
bool stderr_sink::tell_what_is_missing()
{
    auto const missing = lost() - told_;
    if (missing == 0)
        return true;
    if (!to_.write(tell_(missing)))
        return false;
    told_ += missing;
    return true;
}

}  // namespace gatehouse::log
