// Datagrams on their way out: collected during a wake-up of the worker, sent with few system calls.
//
// One for each endpoint, on its worker's thread. What the kernel does not take at once is dropped,
// as a datagram may be at any time.
#pragma once

#include "base/bytes.h"
#include "gateway/arrived_datagram.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

namespace gatehouse {

class datagram_batch {
public:
    static constexpr std::size_t most = 64;       // datagrams a system call
    static constexpr std::size_t largest = 2048;  // bytes a datagram

    datagram_batch(int socket, int family);

    bool empty() const noexcept { return count_ == 0; }

    // Adds a copy; sends what is there first when it is full.
    void add(bytes datagram, peer_address const& to, local_address const& from);

    void flush();

    // Datagrams that the kernel refused since the last call.
    std::uint64_t take_refused() noexcept;

private:
    struct slot {
        ::sockaddr_storage to;
        ::iovec data;
        std::array<std::uint8_t, largest> bytes;
        alignas(::cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(::in6_pktinfo))> control;
    };

    int socket_;
    int family_;
    std::vector<slot> slots_;
    std::array<::mmsghdr, most> headers_{};
    std::size_t count_ = 0;
    std::uint64_t refused_ = 0;
};

}  // namespace gatehouse
