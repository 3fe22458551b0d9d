// The one macro of the project: an invariant that only a bug of ours can break.
#pragma once

#include <cstdlib>

// Ends the process when `condition` is false, in every build: a broken invariant in a security
// boundary is not survivable. Never used on anything that a peer can influence.
#define GATEHOUSE_ASSERT(condition)    \
    do {                               \
        if (!(condition)) [[unlikely]] \
            std::abort();              \
    } while (false)
