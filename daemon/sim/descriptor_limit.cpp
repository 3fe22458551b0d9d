#include "descriptor_limit.h"

#include <algorithm>

#include <sys/resource.h>

namespace gatehouse::sim {

namespace {

constexpr rlim_t our_own = 64;  // standard streams, epoll, and what libraries open

}  // namespace

std::optional<std::string> allow_connections(std::uint32_t connections)
{
    auto const needed = rlim_t{connections} + our_own;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
        return std::nullopt;
    rlimit raised{needed, std::max(limit.rlim_max, needed)};
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0)
        return std::nullopt;
    return "this process may open " + std::to_string(limit.rlim_max) + " descriptors, but " +
           std::to_string(needed) + " are needed; raise the limit with ulimit -n or LimitNOFILE=";
}

}  // namespace gatehouse::sim
