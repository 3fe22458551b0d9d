#include "net/descriptor_budget.h"

#include "base/descriptor.h"
#include "net/limits.h"

#include <algorithm>

#include <fcntl.h>
#include <sys/resource.h>

namespace gatehouse {

std::size_t descriptors_for_devices(std::size_t for_others)
{
    static constexpr std::size_t least = 8;
    ::rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return std::numeric_limits<std::size_t>::max();
    // The kernel gives the lowest number that is free: before the first device it says how many are
    // in use.
    descriptor const next{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    auto const in_use = static_cast<std::size_t>(std::max(next.get(), 0));
    auto const reserve = std::min<std::size_t>(limit.rlim_cur / 4, net_limits::descriptor_reserve);
    auto const others = in_use + for_others + reserve;
    return limit.rlim_cur > others + least ? limit.rlim_cur - others : least;
}

}  // namespace gatehouse
