// `gatehouse-sim interactive`: a person, or a script behind a pipe, speaks as one device.
#pragma once

#include <span>
#include <string>

namespace gatehouse::sim {

// Returns the exit code.
int run_interactive(std::span<char const* const> words);

std::string interactive_usage();

}  // namespace gatehouse::sim
