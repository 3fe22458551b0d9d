// version, status, reload, drain and log-level.
#pragma once

#include "command.h"

namespace gatehouse::ctl {

int run_version(call const& what);
int run_status(call const& what);
int run_reload(call const& what);
int run_drain(call const& what);
int run_log_level(call const& what);

}  // namespace gatehouse::ctl
