// Completion scripts, made of the table of commands.
#pragma once

#include <string>

namespace gatehouse::ctl {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace gatehouse::ctl
