// How the connection of a stream listener ends.
#include "net/last_messages.h"
#include "net/limits.h"
#include "net/stream_connection.h"
#include "net/worker.h"

#include <boost/asio/post.hpp>

namespace gatehouse {

// A device that was told goodbye has a moment to hang up, and longer while the gateway itself has
// not read its last messages: as long as it takes while the backend is away, bounded when it is not
// (the device may ignore the goodbye and send for ever).
time_point stream_connection::on_goodbye_due(time_point now)
{
    auto const until = since_ + net_limits::goodbye_time;
    if (now < until)
        return until;
    bool const patient = paused_ || now < since_ + net_limits::goodbye_longest;
    if (registration_.active() && patient && has_unread())
        return now + net_limits::unread_patience;
    finish(leaving_for_);
    return never;
}

// The gateway ends a session: goodbye, then a moment for the device to hang up.
void stream_connection::leave(end_reason reason)
{
    owner_.uncork_if(*this);
    auto& out = owner_.cork(*this);
    if (reason == end_reason::backend)
        session_->dismiss(owner_.now(), out);
    else
        session_->end(owner_.now(), out);
    owner_.uncork();
    phase_ = phase::leaving;
    leaving_for_ = reason;
    since_ = owner_.now();
    owner_.sessions().remove(session_->facts().id);
    registration_.leave_slot(session_context());
    if (awaits_rate_)
        resume();
    if (!takes_last_messages(reason))
        retire(reason);
    writer_.hang_up();
    owner_.schedule(*this, since_ + net_limits::goodbye_time);
}

void stream_connection::finish(end_reason reason, std::optional<error> why)
{
    if (registration_.active()) {
        owner_.sessions().remove(session_->facts().id);
        retire(reason, why);
    }
    close();
}

// The session is over for its backend and for the figures.
void stream_connection::retire(end_reason reason, std::optional<error> why)
{
    if (registration_.active())
        registration_.end(session_context(), session_->facts(), reason, why);
}

bool stream_connection::abort()
{
    if (!open())
        return false;
    bool const cut = registration_.active() && has_unread();
    if (registration_.active())
        finish(end_reason::shutdown);
    else
        end(end_reason::shutdown);
    close();
    return cut;
}

void stream_connection::close()
{
    if (!open())
        return;
    owner_.uncork_if(*this);
    leave_queue();
    if (phase_ == phase::handshake)
        listener_.admitted->abandon_handshake(peer_);
    if (phase_ == phase::claiming)
        owner_.sessions().remove(session_->facts().id);
    phase_ = phase::closed;
    partial_.release(listener_.blocks);
    boost::system::error_code ignored;
    socket_.close(ignored);
    listener_.descriptors->give_back();
    if (!parked_)
        return;
    parked_ = false;
    waits_readable_ = true;  // for the turn in which it is destroyed
    boost::asio::post(owner_.context(), [this] {
        waits_readable_ = false;
        done_if_unused();
    });
}

}  // namespace gatehouse
