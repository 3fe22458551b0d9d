// Accepts the connections of one listener on one worker.
#pragma once

#include "net/accept_loop.h"
#include "net/bound_sockets.h"
#include "net/listener_runtime.h"
#include "net/port_sharing.h"
#include "net/task.h"

#include <cstdint>

namespace gatehouse {

class worker;

struct bound_acceptor {
    tcp_acceptor acceptor;
    boost::system::error_code failure;
};

// Opens and binds; listens too unless the port is shared: then all workers' sockets are bound
// first. The wildcard IPv6 address also takes IPv4.
bound_acceptor bind_stream(
    boost::asio::io_context& context, boost::asio::ip::tcp::endpoint const& at, port_sharing sharing
);

class stream_listener {
public:
    stream_listener(worker& owner, listener_runtime& runtime, socket_use socket);
    ~stream_listener();
    stream_listener(stream_listener const&) = delete;
    stream_listener& operator=(stream_listener const&) = delete;

    void start();
    // From now on for another listener, which took over the address.
    void serve(listener_runtime& next) noexcept { runtime_ = &next; }
    // No more connections; those that wait in the kernel are let go.
    void stop();
    // The same, but those that wait go to `next`, which has an address that covers this one.
    void stop_for(listener_runtime& next);

    listener_runtime& runtime() noexcept { return *runtime_; }
    socket_use const& socket() const noexcept { return use_; }
    bool stopping() const noexcept { return stopping_; }
    // After `stop`: does nothing refer to it any more?
    bool ended() const noexcept { return ended_; }

    // For the accept loop.
    bool is_accepting() const noexcept { return !stopping_; }
    tcp_acceptor& listening() noexcept { return acceptor_; }
    steady_timer& pause_timer() noexcept { return pause_; }
    after_accept on_accept(boost::system::error_code failure, tcp_socket socket);
    void on_accept_thrown() noexcept;
    void on_accept_ended() noexcept { ended_ = true; }

private:
    after_accept on_shortage(boost::system::error_code failure);
    void take(tcp_socket socket);

    worker& owner_;
    listener_runtime* runtime_;
    socket_use use_;
    tcp_acceptor acceptor_;  // on the socket of `use_`, which it does not own
    steady_timer pause_;
    bool stopping_ = false;
    bool has_heir_ = false;  // then what was accepted while it stopped is the heir's
    bool ended_ = false;
};

}  // namespace gatehouse
