// Which bound addresses take each other's devices.
#pragma once

#include "config/model.h"

namespace gatehouse::config {

// Does whatever reaches `inner` reach `outer` too? A wildcard covers all addresses of its family,
// and [::] covers IPv4 as well, as listeners bind it. Of ports that are known: port 0 is a new one
// each time, and covers nothing.
bool covers(endpoint const& outer, endpoint const& inner) noexcept;

// The kernel lets both be bound only by sockets that share their port (SO_REUSEPORT).
inline bool overlap(endpoint const& one, endpoint const& other) noexcept
{
    return covers(one, other) || covers(other, one);
}

}  // namespace gatehouse::config
