// The device commands that may give a secret away: add, rotate, psk and export.
#pragma once

#include "command.h"

namespace gatehouse::ctl {

int run_device_add(call const& what);
int run_device_rotate(call const& what);
int run_device_psk(call const& what);
int run_device_export(call const& what);

}  // namespace gatehouse::ctl
