// Whether a configuration that says nothing wrong can be started here: addresses, groups and
// directories are the machine's. For `--check` and for the start, so that both say the same.
#pragma once

#include "config/model.h"
#include "config/problem.h"

#include <string>

namespace gatehouse {

// Takes no port and makes no file. What another process holds at this moment is not looked at: a
// running daemon's configuration is checked beside it.
void check_start(
    config::settings const& settings, std::string const& config_file, config::problems& found
);

}  // namespace gatehouse
