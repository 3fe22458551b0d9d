// What the connections of one listener on one worker share.
#pragma once

#include "config/model.h"
#include "gateway/admission.h"
#include "metrics/cells.h"
#include "net/backend_link.h"
#include "net/half_open_queue.h"
#include "net/protocol_host.h"

#include <cstddef>
#include <deque>

namespace gatehouse {

struct listener_runtime {
    std::size_t index;
    config::listener const& config;
    identity::keyring const& keyring;
    admission& admitted;
    backend_link& link;
    protocol_host host;
    metrics::listener_cells& cells;
    std::deque<metrics::cell>& credential_sessions;  // by key index
    half_open_queue half_open;                       // no whole hello yet
    half_open_queue handshaking;  // between hello and proof; admission sets its bound
};

}  // namespace gatehouse
