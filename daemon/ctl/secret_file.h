// Files with secrets that the operator hands in.
#pragma once

#include "base/key_file.h"
#include "wiping_memory.h"

#include <cstddef>
#include <string>

namespace gatehouse::ctl {

inline constexpr std::size_t credential_file_limit = std::size_t{256} << 20;

// All bytes of a file or pipe that nobody but its owner can read or write; "-" is standard input.
// Throws failure: it cannot be read, is open to others, is empty or longer than `limit`.
wiped_string read_secret_file(std::string const& path, std::size_t limit);

// Two digits a byte.
void append_hex(bytes secret, wiped_string& to);

// The key in such a file, whichever way it is written there (base/key_file.h); a note on standard
// error says what the file was taken for.
secret_bytes read_key(std::string const& path, key_length wanted);

}  // namespace gatehouse::ctl
