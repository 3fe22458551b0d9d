// The owner of an open file. Any thread, one at a time.
#pragma once

#include <utility>

#include <unistd.h>

namespace gatehouse {

class descriptor {
public:
    // -1: none, as `open` says when it fails.
    explicit descriptor(int fd) noexcept : fd_{fd} {}
    ~descriptor()
    {
        if (fd_ >= 0)
            ::close(fd_);
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;

    int get() const noexcept { return fd_; }
    void swap(descriptor& other) noexcept { std::swap(fd_, other.fd_); }

private:
    int fd_;
};

}  // namespace gatehouse
