// Lets gtest, and with it boost::system::result, print an error in words.
#pragma once

#include "base/error.h"

#include <ostream>

namespace gatehouse {

inline std::ostream& operator<<(std::ostream& out, error e)
{
    return out << describe(e);
}

}  // namespace gatehouse
