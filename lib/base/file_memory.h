// Whole pages of memory, of this process only or with a copy in a file, which outlives the process,
// however it ends. The file is read once and then only written: it is not mapped, so whoever cuts
// it or punches a hole into it can neither end this process (SIGBUS) nor change what it knows.
//
// Made and given back by one thread; the memory is for any.
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
    ssize_t (*read)(int fd, void* to, std::size_t size, off_t from);
    ssize_t (*write)(int fd, void const* from, std::size_t size, off_t to);
    int (*sync)(int fd);
    int (*rename)(char const* from, char const* to);

    static file_calls const& of_system() noexcept;
};

class file_memory {
public:
    using pointer = std::unique_ptr<file_memory>;

    // Null where there is none, and `why` says what is wrong in a few words.

    // Zeros, which end with the process.
    static pointer of_process(std::size_t size, std::string& why);

    // A file that is there. Refused: what is no regular file, is another user's, is open to others,
    // or is `in_use` already. `why` is empty when there is no such file.
    static constexpr std::string_view in_use = "another process has it in use";
    static constexpr std::string_view cut_to_nothing =
        "it is empty: all that was in it was cut off";
    static pointer open(
        std::string const& path, std::string& why, file_calls const& calls = file_calls::of_system()
    );

    // A new file with mode 0600, of zeros but for what `prepare` writes. It is there as a whole or
    // not at all, and has all of its room on the disk: a full one is found here, not later.
    struct plan {
        std::string path;
        std::size_t size = 0;
        std::function<void(mutable_bytes)> prepare;
    };
    static pointer create(
        plan const& what, std::string& why, file_calls const& calls = file_calls::of_system()
    );

    ~file_memory();
    file_memory(file_memory const&) = delete;
    file_memory& operator=(file_memory const&) = delete;

    mutable_bytes memory() noexcept { return memory_; }

    // Copies a part of the memory to the file: it outlives the process from now on. False: it may
    // not. Of those who write the same bytes, one at a time.
    bool write(std::size_t from, std::size_t size) noexcept;

    // Is its file the one that stands at `path`, as long as it was made?
    bool is_at(std::string const& path) const noexcept;

    // Makes the file anew, from the memory: it had been removed, replaced or cut. Not when another
    // process has the one that is there in use. Nobody writes meanwhile.
    bool put_back(std::string const& path, std::string& why);

    // What was written is on the disk when this returns, if there is a file. False: it may not be.
    bool sync() noexcept;

private:
    file_memory(int fd, mutable_bytes memory, file_calls const& calls) noexcept
        : file_{fd}
        , memory_{memory}
        , calls_{calls}
    {
    }
    static pointer with_file(int fd, std::size_t size, std::string& why, file_calls const& calls);
    static int open_new(std::string const& name, std::string& why, file_calls const& calls);
    static bool rename_new(
        std::string const& name, std::string const& path, std::string& why, file_calls const& calls
    );
    bool fill_file(std::string& why) noexcept;
    bool read_file() noexcept;
    bool write_pages_in_use() noexcept;

    descriptor file_;
    mutable_bytes memory_;
    file_calls const& calls_;
};

}  // namespace gatehouse
