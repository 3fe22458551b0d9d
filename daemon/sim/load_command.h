// `gatehouse-sim load`: many devices at once, and what they measured.
#pragma once

#include <span>
#include <string>

namespace gatehouse::sim {

// Returns the exit code.
int run_load(std::span<char const* const> words);

std::string load_usage();

}  // namespace gatehouse::sim
