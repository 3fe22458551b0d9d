#include "process_limits.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace gatehouse {

void raise_descriptor_limit()
{
    ::rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void keep_memory_private()
{
    ::rlimit const none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__)
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
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
