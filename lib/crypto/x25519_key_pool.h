// Ephemeral key pairs made ahead, so that a handshake does not wait for one.
//
// One pool a worker, on that worker's thread. Each pair is handed out once.
#pragma once

#include "crypto/x25519.h"

#include <cstddef>
#include <vector>

namespace gatehouse::crypto {

class x25519_key_pool {
public:
    // Keeps up to `capacity` pairs ready; starts empty.
    x25519_key_pool(random_source& random, std::size_t capacity);

    // A ready pair, or one made on the spot when none is left.
    x25519_key_pair take();

    bool full() const noexcept { return ready_.size() >= capacity_; }

    // Makes one pair (tens of microseconds); for idle moments.
    void make_one();

private:
    random_source& random_;
    std::size_t capacity_;
    std::vector<x25519_key_pair> ready_;
};

}  // namespace gatehouse::crypto
