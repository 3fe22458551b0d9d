// Why nobody was there.
#pragma once

#include "failure.h"

#include <string>

namespace gatehouse::ctl {

// For connect()'s errno at this path: what it means, and for a socket that is closed to this user,
// who may use it.
failure refused_connection(std::string const& path, int reason);

}  // namespace gatehouse::ctl
