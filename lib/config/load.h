// From YAML to `settings`, or to every problem that the file has.
#pragma once

#include "config/model.h"
#include "config/problem.h"

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::config {

// Reads and checks the configuration in `text`, which stood in `file`. Nothing is returned when
// there was any problem. Does not look at credential files (config/credentials.h) and opens no
// socket.
std::optional<settings> parse(std::string_view text, std::string const& file, problems& found);

// The same for a file on disk.
std::optional<settings> load(std::string const& file, problems& found);

}  // namespace gatehouse::config
