// The sending side of a device's socket: what the kernel does not take at once waits here.
//
// Part of a connection, on its worker's thread. Reading goes on while something waits
// (docs/decisions/0006).
#pragma once

#include "base/bytes.h"
#include "net/task.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gatehouse {

class socket_writer {
public:
    class watcher {
    public:
        // The socket was closed and the writer's last wait has ended. The writer may be destroyed.
        virtual void writer_stopped() = 0;

    protected:
        watcher() = default;
        ~watcher() = default;
        watcher(watcher const&) = default;
        watcher& operator=(watcher const&) = default;
    };

    // Both outlive the writer.
    socket_writer(tcp_socket& socket, watcher& told) : socket_{socket}, told_{told} {}
    ~socket_writer() = default;
    socket_writer(socket_writer const&) = delete;
    socket_writer& operator=(socket_writer const&) = delete;

    // Sends, or keeps what cannot be sent now. A broken connection is left to the reading side.
    void send(bytes data);

    // No more will be sent: tells the peer once everything has gone out.
    void hang_up();

    std::size_t unsent() const noexcept { return unsent_.size(); }

    // A wait for writability is outstanding: the writer may not be destroyed yet. Closing the
    // socket ends it soon.
    bool waiting() const noexcept { return waiting_; }

private:
    std::size_t try_send(bytes data);
    void wait();
    void on_writable();

    tcp_socket& socket_;
    watcher& told_;
    std::vector<std::uint8_t> unsent_;  // empty, without memory, for a device that keeps up
    bool waiting_ = false;
    bool hanging_up_ = false;
};

}  // namespace gatehouse
