// Files with secrets that the operator hands in.
#pragma once

#include "wiping_memory.h"

#include <cstddef>
#include <string>

namespace gatehouse::ctl {

inline constexpr std::size_t key_limit = 4096;
inline constexpr std::size_t credential_file_limit = std::size_t{256} << 20;

// All bytes of a file or pipe that nobody but its owner can read or write; "-" is standard input.
// Throws failure: it cannot be read, is open to others, is empty or longer than `limit`.
wiped_string read_secret_file(std::string const& path, std::size_t limit);

}  // namespace gatehouse::ctl
