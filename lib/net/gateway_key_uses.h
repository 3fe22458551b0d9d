// What a protocol keeps of the gateway's keys of one credential set, beside the set itself.
#pragma once

#include "identity/key_window.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace gatehouse {

// Only the protocol's own hosts know what else is in it.
class gateway_key_uses {
public:
    virtual ~gateway_key_uses() = default;
    gateway_key_uses(gateway_key_uses const&) = delete;
    gateway_key_uses& operator=(gateway_key_uses const&) = delete;

    // A key that may be used so often in its life.
    struct bounded_key {
        identity::key_index id = 0;
        std::uint64_t capacity = 0;
        std::function<std::uint64_t()> used;  // so far; any thread
    };
    virtual std::vector<bounded_key> bounded_keys() const = 0;

protected:
    gateway_key_uses() = default;
};

}  // namespace gatehouse
