#include "process_start.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <new>
#include <system_error>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace gatehouse {

namespace {

// Told to end, and how a daemon is told.
constexpr std::array ending{SIGTERM, SIGINT, SIGQUIT};

// What a write can be answered with an error for instead.
constexpr std::array failed_writes{SIGPIPE, SIGXFSZ};

// What would end or stop a daemon for nothing: it waits for no timer and no terminal, and has no
// use for the others. SIGXCPU says that there is a limit, which `fatal_limits` tells.
constexpr std::array meaningless{
    SIGUSR1,
    SIGUSR2,
    SIGALRM,
    SIGVTALRM,
    SIGPROF,
    SIGIO,
    SIGPWR,
    SIGSTKFLT,
    SIGXCPU,
    SIGTSTP,
    SIGTTIN,
    SIGTTOU,
};

volatile std::sig_atomic_t hung_up = 0;

void handle(int signal, void (*how)(int))
{
    struct ::sigaction action {};
    action.sa_handler = how;
    action.sa_flags = SA_RESTART;
    ::sigaction(signal, &action, nullptr);
}

void ignore(int signal)
{
    handle(signal, SIG_IGN);
}

void leave(int)
{
    ::_exit(0);
}

void remember(int)
{
    hung_up = 1;
}

// Its number cannot be given to a socket or an event loop then, and reading or writing goes on to
// fail as it does with a closed one: it is opened for the other.
bool occupy(int descriptor)
{
    if (::fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF)
        return true;
    auto const direction = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", direction) == descriptor)
        return true;
    return ::open("/", O_RDONLY | O_DIRECTORY) == descriptor;  // where there is no /dev
}

bool occupy_standard_descriptors()
{
    return occupy(STDIN_FILENO) && occupy(STDOUT_FILENO) && occupy(STDERR_FILENO);
}

using resource = decltype(RLIMIT_CORE);

void raise_to_hard_limit(resource which)
{
    ::rlimit limit{};
    if (::getrlimit(which, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(which, &limit);
}

// No core files: memory holds keys.
void forbid_core_files()
{
    ::rlimit const none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
}

void settle_daemon()
{
    for (int const signal : ending)
        handle(signal, leave);
    handle(SIGHUP, remember);
    for (int const signal : meaningless)
        ignore(signal);
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal)
        ignore(signal);
    for (auto const which : {RLIMIT_NOFILE, RLIMIT_CPU, RLIMIT_RTTIME, RLIMIT_FSIZE})
        raise_to_hard_limit(which);
#if !defined(__SANITIZE_ADDRESS__)
    // No other process of the same user may look into this one.
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

}  // namespace

bool settle_process(process_kind what)
{
    for (int const signal : failed_writes)
        ignore(signal);
    forbid_core_files();
    if (what == process_kind::daemon)
        settle_daemon();
    else
        handle(SIGTERM, SIG_DFL);
    bool const complete = occupy_standard_descriptors();
    // Last: what was sent while it was blocked arrives here.
    ::sigset_t none{};
    ::sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    return complete;
}

bool was_hung_up() noexcept
{
    return hung_up != 0;
}

void refuse_signals()
{
    ::sigset_t all{};
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

std::vector<fatal_limit> fatal_limits()
{
    std::vector<fatal_limit> found;
    for (auto const& [which, name, unit] : {
             std::tuple{RLIMIT_CPU, "RLIMIT_CPU", "seconds of processor time"},
             std::tuple{RLIMIT_RTTIME, "RLIMIT_RTTIME", "microseconds without a pause"},
         }) {
        ::rlimit limit{};
        if (::getrlimit(which, &limit) == 0 && limit.rlim_max != RLIM_INFINITY)
            found.push_back({name, limit.rlim_max, unit});
    }
    return found;
}

std::string explain_end(std::exception const& failure)
{
    auto const* const system = dynamic_cast<std::system_error const*>(&failure);
    bool const no_thread =
        system != nullptr && system->code() == std::errc::resource_unavailable_try_again;
    bool const no_memory = dynamic_cast<std::bad_alloc const*>(&failure) != nullptr;
    std::string text = no_memory   ? "out of memory"
                       : no_thread ? "a thread cannot be made, for want of memory or threads"
                                   : failure.what();
    if (!no_memory && !no_thread)
        return text;
    for (auto const& [which, name] : {
             std::pair{RLIMIT_AS, "RLIMIT_AS"},
             std::pair{RLIMIT_DATA, "RLIMIT_DATA"},
         }) {
        ::rlimit limit{};
        if (::getrlimit(which, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
            text += std::string{"; "} + name + " of this process is " +
                    std::to_string(limit.rlim_cur) + " bytes";
    }
    return text;
}

bool lock_memory()
{
#if defined(__SANITIZE_ADDRESS__)
    return false;
#else
    ::rlimit limit{};
    if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY)
        return false;
    return ::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
#endif
}

}  // namespace gatehouse
