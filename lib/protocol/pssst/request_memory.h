// What a worker remembers of single requests, for all of its listeners together: a packet that was
// accepted at one is known at the others, which may have the same gateway key.
//
// On its worker's thread; takes no memory before the first listener joins.
#pragma once

#include "crypto/random.h"
#include "crypto/sha256.h"
#include "protocol/pssst/duplicate_cache.h"

#include <list>
#include <optional>

namespace gatehouse::pssst {

class request_memory {
public:
    using bounds = duplicate_cache::bounds;

    // Both outlive it.
    request_memory(crypto::sha256& hash, crypto::random_source& random)
        : hash_{hash}
        , random_{random}
    {
    }

    // A listener's part: the memory is at least as large as all of them want it, each for itself.
    class seat {
    public:
        seat(request_memory& in, bounds wanted);
        ~seat();
        seat(seat const&) = delete;
        seat& operator=(seat const&) = delete;

        void set_bounds(bounds wanted);
        // Outlives the seat.
        duplicate_cache& known() noexcept { return *in_.known_; }

    private:
        request_memory& in_;
        std::list<bounds>::iterator wanted_;
    };

private:
    void settle();

    crypto::sha256& hash_;
    crypto::random_source& random_;
    std::list<bounds> wanted_;
    std::optional<duplicate_cache> known_;
};

}  // namespace gatehouse::pssst
