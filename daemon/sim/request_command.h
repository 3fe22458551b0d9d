// `gatehouse-sim request`: PSSST requests, and their replies.
#pragma once

#include <span>
#include <string>

namespace gatehouse::sim {

// The exit status.
int run_request(std::span<char const* const> words);
std::string request_usage();

}  // namespace gatehouse::sim
