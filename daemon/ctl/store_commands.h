// The commands that look after a whole managed store.
#pragma once

#include "command.h"

namespace gatehouse::ctl {

int run_store_backup(call const& what);
int run_store_purge(call const& what);

}  // namespace gatehouse::ctl
