// The table of all commands.
#pragma once

#include "command.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::ctl {

// In the order in which they are shown. The tables live as long as the program.
std::span<command const> all_commands() noexcept;

// Options that every command takes.
std::span<option const> global_options() noexcept;

// Null when there is none of this name.
command const* find_command(std::string_view name) noexcept;

// Whether it is the first of the two words of some commands: "device".
bool is_group(std::string_view word) noexcept;

// The commands of a group, or the one of this name.
std::vector<command const*> commands_under(std::string_view name);

// What an `offers` with a fixed set offers; empty for the others.
std::span<std::string_view const> fixed_values(offers what) noexcept;

// "; did you mean ...?" for a mistyped command: for its two words, else for the first alone.
std::string command_suggestion(std::string_view two_words, std::string_view first);

}  // namespace gatehouse::ctl
