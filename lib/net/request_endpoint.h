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
#include "net/deferred_delete.h"
#include "protocol/datagram_door.h"

namespace gatehouse {

class datagram_endpoint;

class request_endpoint {
public:
    explicit request_endpoint(datagram_endpoint& endpoint);
    ~request_endpoint();
    request_endpoint(request_endpoint const&) = delete;
    request_endpoint& operator=(request_endpoint const&) = delete;

    // A packet that the door does not know. Costs a key agreement, if the backend has room for it
    // and the listener's limits admit it.
    void open(datagram_door& door, arrived_datagram const& packet);

    // One that is dropped without a word.
    void refuse(arrived_datagram const& packet, error why);
    void count(metrics::request_result what);

    // What the door remembers goes to the metrics.
    void publish();

    // For its requests.
    datagram_endpoint& endpoint() noexcept { return endpoint_; }
    void delete_later(datagram_request& over) { closed_ones_.delete_later(over); }

    void clear_graves() { closed_ones_.clear(); }
    bool graves_posted() const noexcept { return closed_ones_.is_posted(); }

private:
    void report_scarce(datagram_door::scarce_key const& key);
    result<> ask_admission(arrived_datagram const& packet);

    datagram_endpoint& endpoint_;
    chunk_pool memory_;
    deferred_delete<datagram_request> closed_ones_;
};

}  // namespace gatehouse
