// What the connection of a stream listener waits for: its device's bytes, or leave to read them.
#include "net/stream_connection.h"
#include "net/worker.h"

#include <boost/asio/post.hpp>

#include <poll.h>
#include <sys/socket.h>

namespace gatehouse {

// One wait at a time: for the device's bytes, or while they may not be read for its hanging up.
// After that there is nothing to wait for until they may be read.
void stream_connection::wait()
{
    parked_ = paused_ && peer_gone_;
    if (parked_)
        return;
    waits_readable_ = true;
    auto const wanted = paused_ ? tcp_socket::wait_error : tcp_socket::wait_read;
    socket_.async_wait(wanted, [this](boost::system::error_code failure) {
        waits_readable_ = false;
        look_again(failure);
        if (open())
            wait();
        else
            done_if_unused();
    });
}

// The last thing that a completion does: the connection may be gone afterwards.
void stream_connection::done_if_unused()
{
    if (!open() && !waits_readable_ && !writer_.waiting())
        owner_.destroy(*this);
}

void stream_connection::look_again(boost::system::error_code failure)
{
    if (!open() || failure == boost::asio::error::operation_aborted)
        return;
    owner_.tick();
    if (paused_)
        peer_gone_ = !is_urgent_data_only();
    else if (must_wait_for_backend())
        pause();
    else
        read();
}

// Messages of sessions wait for room in the queue of the backend, first messages for the room that
// new sessions have there.
bool stream_connection::must_wait_for_backend() const noexcept
{
    if (phase_ == phase::live || phase_ == phase::leaving)
        return !listener_.link.accepting();
    return phase_ == phase::handshake && !listener_.link.accepting_sessions();
}

void stream_connection::pause()
{
    paused_ = true;
    listener_.link.paused().add(*this);
}

void stream_connection::resume()
{
    paused_ = false;
    awaits_rate_ = false;
    if (!open())
        return;
    if (parked_) {
        wait();
        return;
    }
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

// A wait for errors also ends for TCP's urgent byte, which is no hang-up and has no meaning here:
// it is thrown away.
bool stream_connection::is_urgent_data_only()
{
    ::pollfd state{socket_.native_handle(), 0, 0};
    if (::poll(&state, 1, 0) != 0)
        return false;
    char urgent = 0;
    ::recv(state.fd, &urgent, 1, MSG_OOB | MSG_DONTWAIT);
    return true;
}

// Bytes of the device wait in the kernel: it is the gateway that is late, because its backend is
// away.
bool stream_connection::has_unread()
{
    boost::system::error_code failure;
    return socket_.available(failure) > 0 && !failure;
}

}  // namespace gatehouse
