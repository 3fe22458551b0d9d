// Accepts the connections of one listener on one worker.
#pragma once

#include "net/listener_runtime.h"
#include "net/task.h"

#include <cstdint>

namespace gatehouse {

class worker;

enum class port_sharing : std::uint8_t {
    none,
    with_workers,  // SO_REUSEPORT: each worker has a socket of its own on the same port
};

struct bound_acceptor {
    tcp_acceptor acceptor;
    boost::system::error_code failure;
};

// Opens, binds and listens. The wildcard IPv6 address also takes IPv4.
bound_acceptor bind_stream(
    boost::asio::io_context& context, boost::asio::ip::tcp::endpoint const& at, port_sharing sharing
);

class stream_listener {
public:
    stream_listener(worker& owner, listener_runtime& runtime, tcp_acceptor acceptor);

    void start();
    // No more connections; the sockets that wait in the kernel are let go.
    void stop();

    listener_runtime& runtime() noexcept { return runtime_; }
    // After `stop`: does nothing refer to it any more?
    bool ended() const noexcept { return ended_; }

private:
    friend task run_stream_listener(stream_listener& listener);

    void on_accept(boost::system::error_code failure, tcp_socket socket);
    void on_shortage(boost::system::error_code failure);

    worker& owner_;
    listener_runtime& runtime_;
    tcp_acceptor acceptor_;
    steady_timer pause_;
    bool stopping_ = false;
    bool pausing_ = false;
    bool ended_ = false;
};

}  // namespace gatehouse
