// Tells the kernel which worker's socket a datagram belongs to (docs/decisions/0010).
//
// A classic BPF program on the sockets that share a port: frames that name a session go to the
// worker in the id's first byte, requests by a byte of theirs, everything else by a hash of the
// sender's address, the same that gateway/address_home.h computes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

namespace gatehouse {

// Where a protocol's frames name their worker.
struct named_frame_rule {
    std::uint16_t magic = 0;  // first two bytes, big-endian
    std::uint32_t type_offset = 0;
    std::uint32_t first_type = 0;  // this type and those above name a session
    std::uint32_t worker_offset = 0;
};

// Workers take turns by one byte of every datagram.
struct byte_rule {
    std::uint32_t offset = 0;
};

// By the sender's address unless a rule says otherwise.
using steering_rule = std::variant<std::monostate, named_frame_rule, byte_rule>;

// On any one of the sockets; worker n has the n-th that was bound. 0, or the errno of the refusal:
// then datagrams arrive anywhere and are handed over.
int steer_datagrams(int socket, steering_rule const& rule, std::size_t workers) noexcept;

}  // namespace gatehouse
