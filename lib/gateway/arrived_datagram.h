// A datagram as it came in: from whom, at which of our addresses, by which way.
#pragma once

#include "base/address.h"
#include "base/bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse {

// One of this host's addresses, from which a reply is to leave.
struct local_address {
    std::array<std::uint8_t, 16> ip{};  // network order; IPv4 as ::ffff:a.b.c.d
    std::uint32_t interface = 0;        // where it came in; decides for link-local peers only

    bool operator==(local_address const&) const noexcept = default;
};

struct arrived_datagram {
    peer_address from;
    local_address at;
    std::size_t listener = 0;
    mutable_bytes data;     // whoever looks may decrypt in place
    bool too_long = false;  // for any protocol: `data` is empty
    std::uint8_t hops = 0;  // between workers, since the kernel delivered it
};

}  // namespace gatehouse
