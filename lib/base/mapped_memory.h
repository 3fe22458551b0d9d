// Whole pages of memory, of this process only or of a file: what is written to a file's outlives
// the process, however it ends.
//
// Made and unmapped by one thread; the memory is for any.
#pragma once

#include "base/bytes.h"
#include "base/descriptor.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace gatehouse {

// What the system is asked to do with a file, so that a test can see each of it fail.
struct file_calls {
    int (*lock)(int fd, int operation);
    int (*allocate)(int fd, off_t from, off_t size);  // returns what is wrong
    void* (*map)(void* where, std::size_t size, int protection, int flags, int fd, off_t from);
    int (*sync)(int fd);
    int (*rename)(char const* from, char const* to);

    static file_calls const& of_system() noexcept;
};

class mapped_memory {
public:
    using pointer = std::unique_ptr<mapped_memory>;

    // Null where there is none, and `why` says what is wrong in a few words.

    // Zeros, which end with the process.
    static pointer of_process(std::size_t size, std::string& why);

    // A file that is there. Refused: what is no regular file, is another user's, is open to others,
    // or is `in_use` already. `why` is empty when there is no such file.
    static constexpr std::string_view in_use = "another process has it in use";
    static pointer open(
        std::string const& path, std::string& why, file_calls const& calls = file_calls::of_system()
    );

    // A new file with mode 0600, of zeros but for what `prepare` writes. It is there as a whole or
    // not at all, and has all of its room on the disk: a full one is found here, not by a write to
    // memory.
    struct plan {
        std::string path;
        std::size_t size = 0;
        std::function<void(mutable_bytes)> prepare;
    };
    static pointer create(
        plan const& what, std::string& why, file_calls const& calls = file_calls::of_system()
    );

    ~mapped_memory();
    mapped_memory(mapped_memory const&) = delete;
    mapped_memory& operator=(mapped_memory const&) = delete;

    mutable_bytes memory() noexcept { return memory_; }

    // What was written is on the disk when this returns, if it is a file's. False: it may not be.
    bool sync() noexcept;

private:
    mapped_memory(int fd, mutable_bytes memory) noexcept : file_{fd}, memory_{memory} {}
    static pointer map_file(int fd, std::size_t size, std::string& why, file_calls const& calls);
    static pointer fill_file(int fd, plan const& what, std::string& why, file_calls const& calls);

    descriptor file_;
    mutable_bytes memory_;
};

}  // namespace gatehouse
