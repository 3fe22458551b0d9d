// `gatehouse-sim credentials`: the credential file that admits the devices of a load run.
#pragma once

#include <span>
#include <string>

namespace gatehouse::sim {

int run_credentials(std::span<char const* const> words);
std::string credentials_usage();

}  // namespace gatehouse::sim
