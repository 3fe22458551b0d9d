// The name that a listening Unix socket has in the file system, which several daemons may want.
#pragma once

#include "base/descriptor.h"

#include <cstdint>
#include <optional>
#include <string>

namespace gatehouse {

// Held from the look at who has a name until somebody listens behind it, and while a name is taken
// away: daemons that start and end at one moment do so one after the other. It is a lock on the
// directory; where there can be none, things go on without it.
class socket_name_lock {
public:
    explicit socket_name_lock(std::string const& path);

private:
    descriptor directory_;
};

// Removes a socket that nobody listens behind any more. Why the name cannot be had, or nothing.
std::optional<std::string> clear_stale_socket(std::string const& path);

// A name that we have bound: it goes when this does, unless it is another socket's by then.
class socket_file {
public:
    socket_file() = default;
    ~socket_file() { remove(); }
    socket_file(socket_file const&) = delete;
    socket_file& operator=(socket_file const&) = delete;

    // Just bound, under the lock.
    void take(std::string const& path);
    void remove();

    std::string const& path() const noexcept { return path_; }

private:
    std::string path_;
    std::uint64_t device_ = 0;
    std::uint64_t inode_ = 0;
};

}  // namespace gatehouse
