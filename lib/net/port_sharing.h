// Who else may be bound to a port.
#pragma once

#include <cstdint>

namespace gatehouse {

enum class port_sharing : std::uint8_t {
    none,
    with_workers,  // SO_REUSEPORT: each worker has a socket of its own on the same port
};

}  // namespace gatehouse
