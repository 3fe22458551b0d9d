// What the UDP sessions of one worker and listener share. Owned by their door; outlives them.
#pragma once

#include "base/chunk_pool.h"
#include "base/pooled.h"
#include "protocol/usmp/environment.h"
#include "protocol/usmp/outbox.h"

#include <cstddef>

namespace gatehouse::usmp {

struct datagram_environment {
    environment& common;
    chunk_pool& memory;  // of the sessions themselves
    object_pool<outbox>& outboxes;
    std::size_t handshakes = 0;        // sessions between hello and proof
    bool backend_has_capacity = true;  // kept current by the owner: may more messages be taken in?
};

}  // namespace gatehouse::usmp
