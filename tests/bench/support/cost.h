// CPU time of a thread, and figures from repeated rounds.
#pragma once

#include <chrono>
#include <cstddef>
#include <ctime>
#include <pthread.h>
#include <vector>

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

}  // namespace gatehouse::bench
