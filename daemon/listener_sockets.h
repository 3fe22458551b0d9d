// The sockets of all listeners: one a worker, on the same port. A listener whose address is bound
// already, by a listener that goes or by one that has gone and still has sessions, gets those
// sockets.
//
// Main thread; workers have uses of them (net/bound_sockets.h).
#pragma once

#include "config/model.h"
#include "net/bound_sockets.h"
#include "net/datagram_socket.h"
#include "net/task.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse {

class listener_sockets {
public:
    // For so many workers.
    listener_sockets(boost::asio::io_context& context, std::size_t workers);
    listener_sockets(listener_sockets const&) = delete;
    listener_sockets& operator=(listener_sockets const&) = delete;
    ~listener_sockets() = default;

    struct acquired {
        std::shared_ptr<bound_sockets> sockets;  // null: then `why`
        boost::system::error_code why;
        enum class origin : std::uint8_t { bound, handed } from = origin::bound;
    };
    // Nothing arrives at streams that are bound before `listen`; nothing changes at those that are
    // handed before `fit`.
    acquired acquire(config::listener const& listener);

    static boost::system::error_code listen(bound_sockets const& sockets);

    // What the listener wants of the kernel: buffers, and which worker a datagram is for.
    struct fitting {
        socket_buffers granted{};  // datagrams only
        int steering = 0;          // errno of a kernel that does not steer datagrams
    };
    static fitting fit(bound_sockets const& sockets, config::listener const& listener);

    // Null when the listener has none.
    std::shared_ptr<bound_sockets> find(config::listener const& listener) const;

    // Closes what nobody uses.
    void close_unused();

private:
    bool overlaps_own(config::listener const& wanted) const;

    boost::asio::io_context& context_;
    std::size_t workers_;
    std::vector<std::shared_ptr<bound_sockets>> all_;
};

// Logs what became of it.
void report_listening(
    config::listener const& listener,
    bound_sockets const& sockets,
    listener_sockets::fitting const& fitted
);

// For whatever else is bound.
void log_cannot_bind(
    std::string const& what, config::endpoint const& at, boost::system::error_code why
);

}  // namespace gatehouse
