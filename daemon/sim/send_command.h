// `gatehouse-sim send`: one device sends some messages, and may wait for the replies.
#pragma once

#include <span>
#include <string>

namespace gatehouse::sim {

// Returns the exit code.
int run_send(std::span<char const* const> words);

std::string send_usage();

}  // namespace gatehouse::sim
