#include "bench/support/cost.h"

#include <algorithm>

#include <sched.h>

namespace gatehouse::bench {

thread_clock thread_clock::of_this_thread()
{
    thread_clock made;
    ::pthread_getcpuclockid(::pthread_self(), &made.clock_);
    return made;
}

std::chrono::nanoseconds thread_clock::read() const
{
    ::timespec now{};
    ::clock_gettime(clock_, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

void rounds::add(std::chrono::nanoseconds total, std::size_t things)
{
    costs_.push_back(static_cast<double>(total.count()) / static_cast<double>(things));
}

double rounds::median_ns() const
{
    auto sorted = costs_;
    std::sort(sorted.begin(), sorted.end());
    return sorted.empty() ? 0 : sorted[sorted.size() / 2];
}

void stay_on_one_core()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &set);
    ::sched_setaffinity(0, sizeof set, &set);
}

}  // namespace gatehouse::bench
