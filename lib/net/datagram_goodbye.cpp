// How the connection of a datagram listener ends, whoever ends it.
#include "net/clock.h"
#include "net/datagram_connection.h"
#include "net/datagram_endpoint.h"
#include "net/limits.h"
#include "net/worker.h"

#include <utility>

namespace gatehouse {

void datagram_connection::end(end_reason reason)
{
    if (phase_ == phase::live)
        leave(reason);
    if (phase_ == phase::handshake || phase_ == phase::claiming) {
        report().aborted();
        close();
    }
}

void datagram_connection::review(snapshot_change const& change)
{
    bool const is_proven = phase_ == phase::live || phase_ == phase::claiming;
    if (!is_proven || !endpoint_.listener().is_concerned(change))
        return;
    using verdict = identity::key_standing::verdict;
    auto const standing = endpoint_.listener().standing_of(session_->facts(), change);
    if (endpoint_.listener().retired) {
        end(end_reason::admin);
    } else if (standing.what == verdict::gone) {
        end(end_reason::revoked);
    } else if (standing.what == verdict::window_changed || change.listeners_changed) {
        if (standing.what == verdict::window_changed)
            session_->set_key_window(standing.window, read_wall_clock(), endpoint_.owner().now());
        settle();  // timeouts may be shorter now
    }
}

void datagram_connection::clock_stepped()
{
    if (phase_ != phase::live && phase_ != phase::claiming)
        return;
    if (auto const window = endpoint_.listener().window_after_step(session_->facts()))
        session_->set_key_window(*window, read_wall_clock(), endpoint_.owner().now());
    settle();
}

void datagram_connection::evict(error why)
{
    auto& owner = endpoint_.owner();
    if (!std::exchange(refusal_counted_, true))
        report().refused(owner.sampler(), owner.now(), {why, session_->facts().device});
    close();
}

// The gateway ends a session: goodbye, then a moment for the device to acknowledge it.
void datagram_connection::leave(end_reason reason)
{
    auto& out = endpoint_.owner().out();
    out.clear();
    session_->end(endpoint_.owner().now(), out);
    send(out, peer_, endpoint_.locals().at(local_));
    phase_ = phase::leaving;
    leaving_for_ = reason;
    since_ = endpoint_.owner().now();
    registration_.leave_slot(session_context());
    if (reason == end_reason::revoked)
        retire(reason);
    settle();
    endpoint_.owner().schedule(*this, since_ + net_limits::datagram_goodbye_time);
}

// The device has not answered so far: BYE goes out, whatever is still unacknowledged.
void datagram_connection::say_last_goodbye()
{
    auto& out = endpoint_.owner().out();
    out.clear();
    session_->end(endpoint_.owner().now(), out);
    send(out, peer_, endpoint_.locals().at(local_));
    finish(leaving_for_);
}

// The session is over. It stays for a while when the device said so, whose goodbye may come again.
void datagram_connection::finish(end_reason reason, std::optional<error> why)
{
    retire(reason, why);
    if (reason != end_reason::bye || phase_ != phase::live) {
        close();
        return;
    }
    endpoint_.owner().connection_closed();
    phase_ = phase::lingering;
    since_ = endpoint_.owner().now();
    endpoint_.owner().schedule(*this, since_ + net_limits::goodbye_memory);
}

void datagram_connection::retire(end_reason reason, std::optional<error> why)
{
    if (!registration_.active())
        return;
    auto& out = endpoint_.owner().out();
    out.clear();
    session_->give_up_messages(out);
    auto const facts = session_->facts();
    session_registration::report_undelivered(session_context(), facts, out.undelivered);
    registration_.end(session_context(), facts, reason, why);
}

void datagram_connection::cut()
{
    if (registration_.active())
        finish(end_reason::shutdown);
    else if (phase_ == phase::handshake)
        report().aborted();
    close();
}

void datagram_connection::close()
{
    if (closed())
        return;
    auto& owner = endpoint_.owner();
    if (phase_ == phase::handshake) {
        endpoint_.handshakes().remove(handshake_);
        endpoint_.listener().admitted->abandon_handshake(peer_);
    } else {
        if (phase_ != phase::lingering)
            owner.connection_closed();
        owner.sessions().remove(session_->facts().id);
    }
    set_indexed(index_state::out);
    endpoint_.forget_address(peer_);
    // What is not proven any more does not count as an open handshake any more.
    if (phase_ == phase::handshake)
        session_.reset();
    phase_ = phase::closed;
    if (is_linked())
        unlink();
    endpoint_.delete_later(*this);
}

}  // namespace gatehouse
