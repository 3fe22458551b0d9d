// From YAML to `settings`, or to every problem that the file has.
#pragma once

#include "config/host_names.h"
#include "config/model.h"
#include "config/problem.h"

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::config {

// Reads and checks the configuration in `text`, which stood in `file`. Nothing is returned when
// there was any problem; `warnings` are what works and yet can hardly be meant. Does not look at
// credential files (config/credentials.h) and opens no socket. Names of interfaces are problems.
std::optional<settings> parse(
    std::string_view text, std::string const& file, problems& found, problems& warnings
);

// The same for a file on disk; `names` says what names in the place of addresses stand for.
std::optional<settings> load(
    std::string const& file, host_names const& names, problems& found, problems& warnings
);

}  // namespace gatehouse::config
