// What a protocol keeps of the gateway's keys of one credential set, beside the set itself.
#pragma once

#include "identity/key_window.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
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

    // Looks whether its files are where they were, puts back those that are not, and says why that
    // failed, by path. Any thread, one at a time.
    using missing = std::map<std::string, std::string>;
    virtual missing look_after_files() const { return {}; }

protected:
    gateway_key_uses() = default;
};

}  // namespace gatehouse
