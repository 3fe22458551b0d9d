#include "progress.h"

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <utility>

#include <unistd.h>

namespace gatehouse::sim {

namespace {

constexpr duration between_lines = std::chrono::seconds{1};

double per_second(std::uint64_t now, std::uint64_t& before, duration time)
{
    auto const more = now - std::exchange(before, now);
    return static_cast<double>(more) / std::chrono::duration<double>{time}.count();
}

}  // namespace

progress::progress(load_run const& run) : run_{run}, is_terminal_{::isatty(STDERR_FILENO) == 1} {}

void progress::begin(time_point now)
{
    last_ = now;
}

void progress::tick()
{
    auto const since_last = run_.now - last_;
    if (since_last < between_lines)
        return;
    last_ = run_.now;
    print(since_last);
}

void progress::print(duration since_last)
{
    std::chrono::duration<double> const elapsed = run_.now - run_.started;
    auto const& counts = run_.counts;
    std::fprintf(
        stderr,
        "%s%6.1f s  devices %u/%u  failed %" PRIu64
        "  handshakes/s %.0f  sent/s %.0f  received/s %.0f%s",
        is_terminal_ ? "\r\x1b[K" : "",
        elapsed.count(),
        run_.established,
        run_.options.devices,
        counts.handshakes_failed + counts.sessions_lost,
        per_second(counts.handshakes, handshakes_, since_last),
        per_second(counts.sent, sent_, since_last),
        per_second(counts.received, received_, since_last),
        is_terminal_ ? "" : "\n"
    );
    std::fflush(stderr);
    printed_ = true;
}

void progress::tell_connected()
{
    finish();
    std::chrono::duration<double> const elapsed = run_.now - run_.started;
    std::fprintf(
        stderr,
        "%6.1f s  connected: %u of %u devices\n",
        elapsed.count(),
        run_.established,
        run_.options.devices
    );
    std::fflush(stderr);
    printed_ = false;
}

void progress::finish()
{
    if (printed_ && is_terminal_)
        std::fputs("\n", stderr);
}

}  // namespace gatehouse::sim
