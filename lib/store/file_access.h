// Who may touch the files of a store.
//
// No file of a store is opened and closed here: closing any descriptor of a file drops all locks
// that this process holds on it, SQLite's too (SQLite, "How To Corrupt", 2.2).
#pragma once

#include "store/failure.h"

#include <cstdint>
#include <string>

namespace gatehouse::store {

enum class presence : std::uint8_t { there, missing };

struct checked_file {
    std::string path;  // absolute, its directory without symbolic links
    presence state = presence::missing;
};

// Refused: a directory that everybody may write to (unless sticky); a file, or one of SQLite's
// beside it (-wal, -shm, -journal), that others may touch (base/file_privacy.h).
outcome<checked_file> check_file(std::string const& path);

// Makes an empty file with mode 0600 that must not be there yet, and makes that durable.
outcome<> make_private_file(std::string const& path);

// Makes the content of a file, or the names in a directory, durable.
outcome<> make_durable(std::string const& path);

// The directory that a path is in.
std::string directory_of(std::string const& path);

}  // namespace gatehouse::store
