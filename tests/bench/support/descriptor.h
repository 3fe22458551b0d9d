// Blocking sockets for the bench's own ends.
#pragma once

#include "base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace gatehouse::bench {

// Owns a file descriptor.
class descriptor {
public:
    descriptor() noexcept = default;
    explicit descriptor(int number) noexcept : number_{number} {}
    ~descriptor() { reset(); }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    descriptor(descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }

    int get() const noexcept { return number_; }
    void reset() noexcept;

private:
    int number_ = -1;
};

// All of these end the process when the system refuses: a bench without its sockets says nothing.

// Listens on a free port of 127.0.0.1; `port` learns which.
descriptor listen_tcp(std::uint16_t& port);
descriptor connect_tcp(std::uint16_t port);
// What is not there within some seconds is lost: receiving then fails.
descriptor connect_udp(std::uint16_t port);
// At all addresses of this host; `port` learns the port.
descriptor open_udp(std::uint16_t& port);
descriptor listen_local(std::string const& path);
descriptor connect_local(std::string const& path);

void send_all(descriptor const& to, bytes data);
// Exactly this many bytes; false when the other side hung up first.
bool receive_exactly(descriptor const& from, mutable_bytes data);

// As many descriptors as the system lets this process have.
void raise_descriptor_limit();

[[noreturn]] void give_up(char const* doing);

}  // namespace gatehouse::bench
