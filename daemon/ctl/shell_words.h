// The parts of the completion scripts that bash and zsh understand alike.
#pragma once

#include "command.h"

#include <string>
#include <string_view>

namespace gatehouse::ctl {

// The kind of value, as the scripts call it: "devices", "files", ...; empty for none.
std::string_view kind_name(offers what) noexcept;

// In single quotes.
std::string quoted(std::string_view text);

// All options with a value that must be given, separated.
std::string value_options(std::string_view separator);

// Functions that print commands ("name:summary"), options, kinds and values.
std::string completion_functions();

}  // namespace gatehouse::ctl
