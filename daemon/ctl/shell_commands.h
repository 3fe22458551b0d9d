// help, completion, and what the completion scripts ask for.
#pragma once

#include "command.h"

namespace gatehouse::ctl {

int run_help(call const& what);
int run_completion(call const& what);
int run_complete(call const& what);

}  // namespace gatehouse::ctl
