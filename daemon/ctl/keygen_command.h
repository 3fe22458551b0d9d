// keygen: key pairs of keyed protocols. Asks no daemon.
#pragma once

#include "command.h"

namespace gatehouse::ctl {

int run_keygen(call const& what);

}  // namespace gatehouse::ctl
