// Help, made of the table of commands.
#pragma once

#include "command.h"

#include <string>
#include <string_view>

namespace gatehouse::ctl {

// "gatehousectl device rotate DEVICE [options]"
std::string usage_line(command const& of);

// One command in full.
std::string command_help(command const& of);

// A command, the commands of a group ("device"), or all of them for an empty name. Throws
// usage_error for others.
std::string help_for(std::string_view name);

}  // namespace gatehouse::ctl
