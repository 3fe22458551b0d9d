// What must hold for every input; a fuzz target that finds otherwise ends there and then.
#pragma once

#include <cstdlib>

namespace gatehouse::test {

inline void require(bool holds)
{
    if (!holds)
        std::abort();
}

}  // namespace gatehouse::test
