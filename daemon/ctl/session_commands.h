// sessions and session close.
#pragma once

#include "command.h"

namespace gatehouse::ctl {

int run_sessions(call const& what);
int run_session_close(call const& what);

}  // namespace gatehouse::ctl
