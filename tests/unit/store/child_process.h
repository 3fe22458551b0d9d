// A part of a test in a process of its own, which may die, or be another user.
#pragma once

#include <cstdlib>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gatehouse::store::testing {

// What `work` returns (0 to 125), or 128 and the signal that ended it. The child leaves by _exit:
// no destructor runs, as in a crash.
template <class Work>
int in_child(Work const& work)
{
    auto const child = ::fork();
    if (child == 0)
        ::_exit(work());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace gatehouse::store::testing
