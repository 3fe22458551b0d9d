// From YAML to `settings`, or to every problem that the file has.
#pragma once

#include "config/host_names.h"
#include "config/model.h"
#include "config/problem.h"
#include "config/protocol_type.h"

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::config {

// Reads and checks the configuration in `text`, which stood in `file`. Nothing is returned when
// there was any problem; `warnings` are what works and yet can hardly be meant. Does not look at
// credential files (config/credentials.h) and opens no socket. Names of interfaces are problems.
std::optional<settings> parse(
    std::string_view text,
    std::string const& file,
    protocol_list const& protocols,
    problems& found,
    problems& warnings
);

// What a configuration can name that does not stand in it.
struct known_names {
    host_names const& hosts;  // in the place of addresses
    protocol_list const& protocols;
};

// The same for a file on disk.
std::optional<settings> load(
    std::string const& file, known_names const& names, problems& found, problems& warnings
);

}  // namespace gatehouse::config
