// CPU time of a thread, and figures from repeated rounds.
#pragma once

#include <chrono>
#include <cstddef>
#include <ctime>
#include <vector>

#include <pthread.h>

namespace gatehouse::bench {

// The CPU time of one thread, user and system, readable from any other.
class thread_clock {
public:
    static thread_clock of_this_thread();

    std::chrono::nanoseconds read() const;

private:
    ::clockid_t clock_{};
};

// Costs of one thing, a number a round; the median shrugs off what else the machine did meanwhile.
class rounds {
public:
    void add(std::chrono::nanoseconds total, std::size_t things);
    double median_ns() const;

private:
    std::vector<double> costs_;
};

// Keeps this thread, and all that it starts from now on, on one core: a thread then pays for its
// own work, not for waking others up across cores, which on a virtual machine costs more than all
// the rest.
void stay_on_one_core();

}  // namespace gatehouse::bench
