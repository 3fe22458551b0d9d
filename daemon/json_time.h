// Times as administration shows them.
#pragma once

#include "base/time.h"

#include <boost/json/value.hpp>

namespace gatehouse {

// "2026-11-22T18:00:00Z"
boost::json::value json_time(wall_time when);

// null for `wall_time::min()` and `max()`: no bound.
boost::json::value json_bound(wall_time when);

}  // namespace gatehouse
