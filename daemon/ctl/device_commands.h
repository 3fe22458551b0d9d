// The device commands that show or change devices and give no secrets.
#pragma once

#include "command.h"

namespace gatehouse::ctl {

int run_device_list(call const& what);
int run_device_show(call const& what);
int run_device_enable(call const& what);
int run_device_disable(call const& what);
int run_device_remove(call const& what);
int run_device_revoke(call const& what);
int run_device_import(call const& what);

}  // namespace gatehouse::ctl
