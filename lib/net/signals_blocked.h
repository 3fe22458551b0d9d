// Signals are the main thread's: other threads are made while one of these lives, and begin with
// all of them blocked.
#pragma once

#include <csignal>

namespace gatehouse {

class signals_blocked {
public:
    signals_blocked() noexcept
    {
        ::sigset_t all{};
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    ~signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    signals_blocked(signals_blocked const&) = delete;
    signals_blocked& operator=(signals_blocked const&) = delete;

private:
    ::sigset_t before_{};
};

}  // namespace gatehouse
