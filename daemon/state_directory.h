// Where the daemon keeps what should outlive it, and the files there. Losing those
// made here is harmless; the replay filters are another matter (net/gateway_key_uses.h).
#pragma once

#include "base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse {

// What a service manager gives: the first of `$STATE_DIRECTORY`. Empty when there is none.
std::filesystem::path given_state_directory();

enum class missing_directory : std::uint8_t { is_made, could_be_made };

// Why `at` cannot be the state directory, if so: it must be a directory of root or of this user in
// which nobody else may write. A missing one is made with mode 0700, or only judged as if it were.
std::optional<std::string> state_directory_problem(
    std::filesystem::path const& at, missing_directory missing
);

// Puts `content` in the place of the file, whole or not at all, closed to others. Why it could not,
// if so. Any thread.
std::optional<std::string> write_state_file(std::filesystem::path const& file, bytes content);

struct state_file {
    std::vector<std::uint8_t> content;  // empty when there is no such file, or it is not used
    std::string problem;                // why it is not used
};

// A regular file of root or of this user, closed to others, of at most `limit` bytes.
state_file read_state_file(std::filesystem::path const& file, std::size_t limit);

}  // namespace gatehouse
