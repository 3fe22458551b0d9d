// Where the requests of a datagram port begin and end: which packets become one, and what is
// counted of the others.
//
// Part of its port, on that worker's thread.
#pragma once

#include "base/chunk_pool.h"
#include "base/error.h"
#include "gateway/arrived_datagram.h"
#include "metrics/labels.h"
#include "net/datagram_request.h"
#include "net/graveyard.h"
#include "protocol/datagram_door.h"

namespace gatehouse {

class datagram_port;

class request_desk {
public:
    explicit request_desk(datagram_port& port);
    ~request_desk();
    request_desk(request_desk const&) = delete;
    request_desk& operator=(request_desk const&) = delete;

    // A packet that the door does not know. Costs a key agreement, if the backend has room for it
    // and the listener's limits admit it.
    void open(datagram_door& door, arrived_datagram const& packet);

    // One that is dropped without a word.
    void refuse(arrived_datagram const& packet, error why);
    void count(metrics::request_result what);

    // What the door remembers goes to the metrics.
    void publish();

    // For its requests.
    datagram_port& port() noexcept { return port_; }
    void bury(datagram_request& over) { graves_.bury(over); }

    void clear_graves() { graves_.clear(); }
    bool graves_posted() const noexcept { return graves_.is_posted(); }

private:
    void report_scarce(datagram_door::scarce_key const& key);
    result<> ask_admission(arrived_datagram const& packet);

    datagram_port& port_;
    chunk_pool memory_;
    graveyard<datagram_request> graves_;
};

}  // namespace gatehouse
