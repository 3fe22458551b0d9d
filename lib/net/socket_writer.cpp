#include "net/socket_writer.h"

#include <cerrno>

#include <sys/socket.h>

namespace gatehouse {

// How much the socket took; all of it when the connection is broken, since nothing can be done.
std::size_t socket_writer::try_send(bytes data)
{
    auto const sent =
        ::send(socket_.native_handle(), data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0)
        return static_cast<std::size_t>(sent);
    return errno == EAGAIN || errno == EINTR ? 0 : data.size();
}

void socket_writer::send(bytes data)
{
    if (unsent_.empty())
        data = data.subspan(try_send(data));
    if (data.empty())
        return;
    unsent_.insert(unsent_.end(), data.begin(), data.end());
    wait();
}

void socket_writer::hang_up()
{
    hanging_up_ = true;
    if (unsent_.empty())
        ::shutdown(socket_.native_handle(), SHUT_WR);
}

void socket_writer::wait()
{
    if (waiting_)
        return;
    waiting_ = true;
    socket_.async_wait(tcp_socket::wait_write, [this](boost::system::error_code) {
        waiting_ = false;
        if (socket_.is_open())
            on_writable();
        else
            told_.writer_stopped();
    });
}

void socket_writer::on_writable()
{
    auto const sent = try_send(unsent_);
    unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(sent));
    if (!unsent_.empty()) {
        wait();
        return;
    }
    unsent_ = {};
    if (hanging_up_)
        hang_up();
}

}  // namespace gatehouse
