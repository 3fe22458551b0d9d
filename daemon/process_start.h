// What the kernel may do to this process: signals, resource limits and standard descriptors,
// decided before anything else is done (docs/reference/signals.md). For all three programs.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

enum class process_kind : std::uint8_t {
    daemon,  // serves until it is told to end
    tool,    // does one thing for whoever started it
};

// The first thing that `main` does, whatever was inherited. False when a standard descriptor is
// closed and nothing can be put in its place.
//
// A daemon that is still starting ends at once, with 0, when it is told to end; SIGHUP is
// remembered. That holds until somebody handles these signals: the supervisor.
bool settle_process(process_kind what);

// Was SIGHUP sent while the daemon was starting?
bool was_hung_up() noexcept;

// For the very end: nothing that is sent from now on changes how the process ends.
void refuse_signals();

// A limit behind which the kernel kills the process, whatever it does.
struct fatal_limit {
    std::string_view name;  // "RLIMIT_CPU"
    std::uint64_t value = 0;
    std::string_view unit;
};
std::vector<fatal_limit> fatal_limits();

// What ended the program, for people: with the limits of memory and threads that it has, where one
// of them may be why.
std::string explain_end(std::exception const& failure);

// Keeps all memory out of the swap space, since it holds the fleet's keys. True when that was done:
// only where the operator allows any amount of it (LimitMEMLOCK=infinity), as with a bound the
// daemon would run out of memory that it may lock when the fleet grows. (Not in builds with the
// address sanitizer.)
bool lock_memory();

}  // namespace gatehouse
