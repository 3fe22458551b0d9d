// All profiles of lib/protocol/usmp, oldest first.
#pragma once

#include "protocol/usmp/profile.h"

#include <array>

namespace gatehouse::test {

inline constexpr std::array<usmp::profile const*, 6> all{
    &usmp::r0_2,
    &usmp::r0_3,
    &usmp::r0_4_7,
    &usmp::r0_5,
    &usmp::r1_0,
    &usmp::r1_2,
};

}  // namespace gatehouse::test
