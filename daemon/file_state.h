// Which file stands behind a path, and whether somebody is writing it. Any thread.
#pragma once

#include <cstdint>
#include <string>

namespace gatehouse {

// Which file it is and when it changed; all zero when there is none.
struct file_print {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified = 0;  // nanoseconds
    std::int64_t changed = 0;
    bool operator==(file_print const&) const = default;
    bool is_same_file(file_print const& other) const noexcept
    {
        return device == other.device && inode == other.inode;
    }
};

file_print print_of(std::string const& path);

enum class file_writer : std::uint8_t {
    none,
    some,
    unknown,  // the kernel tells its owner and root only (CAP_LEASE), and not on every filesystem
};

// Has any process the file open for writing? A read lease is granted only where none has.
file_writer writer_of(std::string const& path);

}  // namespace gatehouse
