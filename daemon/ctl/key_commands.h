// credentials and keys.
#pragma once

#include "command.h"

namespace gatehouse::ctl {

int run_credentials(call const& what);
int run_keys(call const& what);

}  // namespace gatehouse::ctl
