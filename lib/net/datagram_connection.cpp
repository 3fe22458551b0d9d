#include "net/datagram_connection.h"

#include "net/clock.h"
#include "net/datagram_endpoint.h"
#include "net/last_messages.h"
#include "net/limits.h"
#include "net/log.h"
#include "net/worker.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

namespace {

bool is_wrong_proof(error why) noexcept
{
    return why == error::unproven_key || why == error::unproven_device;
}

}  // namespace

datagram_connection::datagram_connection(
    datagram_endpoint& endpoint, arrived_datagram const& hello, datagram_session_ptr session
)
    : endpoint_{endpoint}
    , session_{std::move(session)}
    , since_{endpoint.owner().now()}
    , peer_{hello.from}
    , local_{endpoint.locals().number_of(hello.at)}
    , handshake_{endpoint.handshakes().add(*this, since_, hello.from)}
{
    ++endpoint_.listener().references;
    session_->carried_by(*this);
}

datagram_connection::~datagram_connection()
{
    --endpoint_.listener().references;
}

session_report datagram_connection::report() const
{
    return {endpoint_.listener(), peer_};
}

session_registration::session_context datagram_connection::session_context()
{
    return {endpoint_.owner(), endpoint_.listener(), peer_};
}

std::size_t datagram_connection::backend() const
{
    return endpoint_.listener().link.index();
}

session_row datagram_connection::look() const
{
    return registration_.look(*session_, endpoint_.listener(), peer_);
}

bool datagram_connection::take_datagram(arrived_datagram const& arrived)
{
    auto const taken = offer(arrived);
    if (!taken)
        refused(taken.error());
    return !taken || *taken;
}

result<bool> datagram_connection::offer(arrived_datagram const& arrived)
{
    if (closed() || !endpoint_.hears(arrived.listener))
        return false;
    if (phase_ == phase::claiming)
        return true;
    auto& owner = endpoint_.owner();
    auto& out = owner.out();
    out.clear();
    bool const was_proven = phase_ != phase::handshake;
    if (!was_proven) {
        endpoint_.listener().host->set_wall_time(read_wall_clock());
        owner.make_keys_while_idle();
    }
    look_for_capacity();
    auto const taken = session_->receive(owner.now(), arrived.data, out);
    if (taken && *taken == 0)
        return false;
    if (!taken && !was_proven && is_wrong_proof(taken.error()))
        return taken.error();
    bool const proven_now = !was_proven && session_->facts().authenticated;
    if (proven_now && !promote())
        return true;
    if (was_proven && session_->heard_newest())
        follow(arrived);
    send(out, arrived.from, arrived.at);
    hand_over(out);
    conclude(taken);
    return true;
}

// May a message be taken in now? One that is not is repeated by its device.
void datagram_connection::look_for_capacity()
{
    auto const& listener = endpoint_.listener();
    is_over_rate_ = phase_ == phase::live && listener.rates->any() &&
                    !listener.rates->may_send(endpoint_.owner().now(), device());
    endpoint_.door().set_backend_capacity(listener.link.accepting() && !is_over_rate_);
}

// What the session made of a datagram.
void datagram_connection::conclude(result<std::size_t> const& taken)
{
    if (!taken)
        refused(taken.error());
    auto const ended = session_->ended();
    if (phase_ == phase::handshake && ended)
        close();
    else if (phase_ == phase::live && ended)
        finish(*ended, taken ? std::optional<error>{} : taken.error());
    else if (phase_ == phase::leaving && ended)
        finish(leaving_for_);
    settle();
}

// A datagram that the session refused. In a handshake only what a device itself may be blamed for
// counts as its failure, and once; the rest may be anybody's.
void datagram_connection::refused(error why)
{
    auto& owner = endpoint_.owner();
    if (why == error::limit_backend_backlog) {
        endpoint_.count_drop(
            is_over_rate_ ? metrics::datagram_drop::rate : metrics::datagram_drop::backend
        );
        return;
    }
    auto const facts = session_->facts();
    bool const blames_frame = phase_ != phase::handshake || class_of(why) == error_class::malformed;
    if (blames_frame) {
        report().rejected(owner.sampler(), owner.now(), facts, why);
        return;
    }
    if (!std::exchange(refusal_counted_, true))
        report().refused(owner.sampler(), owner.now(), {why, facts.device}, [&] {
            return endpoint_.listener().host->advice(why, facts);
        });
}

// An authenticated frame that is newer than all before came from another address: the device is
// there now.
void datagram_connection::follow(arrived_datagram const& to)
{
    auto const now = endpoint_.owner().now();
    if (to.from == peer_) {
        pending_move_.reset();
        local_ = endpoint_.locals().number_of(to.at);
        return;
    }
    path const there{to.from, to.at};
    bool const too_soon = moved_ && now - since_ < net_limits::between_moves;
    if (phase_ == phase::live && !too_soon) {
        pending_move_.reset();
        move_to(there);
    } else if (pending_move_) {
        *pending_move_ = there;
    } else {
        pending_move_ = std::make_unique<path>(there);
    }
}

// At its new address the device has this session and no other.
void datagram_connection::move_to(path to)
{
    auto& owner = endpoint_.owner();
    auto& listener = endpoint_.listener();
    auto const facts = session_->facts();
    listener.admitted->move_session(peer_, to.peer);
    listener.cells.moves.add();
    report().moved(owner.sampler(), owner.now(), facts, to.peer);
    set_indexed(index_state::out);
    endpoint_.forget_address(peer_);
    peer_ = to.peer;
    local_ = endpoint_.locals().number_of(to.at);
    endpoint_.learn_address(peer_);
    moved_ = true;
    since_ = owner.now();
    session_->address_changed(owner.now());
    if (listener.sessions_of_a_device() != 1)
        claim_slot(device_claim::need::nothing);
}

void datagram_connection::send(output& out, peer_address const& to, local_address const& from)
{
    for (std::size_t i = 0; i < out.wire.frames(); ++i)
        endpoint_.send(out.wire.frame_at(i), to, from);
    endpoint_.listener().cells.retransmitted.add(out.retransmitted);
}

void datagram_connection::hand_over(output& out)
{
    if (!registration_.active())
        return;
    bool const wanted =
        phase_ == phase::live || (phase_ == phase::leaving && takes_last_messages(leaving_for_));
    auto const facts = session_->facts();
    if (wanted && !out.up.empty())
        registration_.pass_up(session_context(), facts, out, backend::receipt::wanted);
    if (!out.undelivered.empty())
        session_registration::report_undelivered(session_context(), facts, out.undelivered);
}

void datagram_connection::wake()
{
    if (!closed() && phase_ != phase::lingering)
        endpoint_.owner().schedule(*this, endpoint_.owner().now());
}

// After whatever happened: when to look again, and under which address to be found.
void datagram_connection::settle()
{
    if (closed())
        return;
    set_indexed(session_->expects_unnamed() ? index_state::in : index_state::out);
    if (phase_ != phase::lingering)
        endpoint_.owner().schedule(*this, deadline());
}

time_point datagram_connection::deadline() const
{
    bool const will_move = pending_move_ && phase_ == phase::live;
    auto const next = session_->deadline();
    return will_move ? std::min(next, since_ + net_limits::between_moves) : next;
}

void datagram_connection::set_indexed(index_state wanted)
{
    if (wanted == indexed_)
        return;
    indexed_ = wanted;
    if (wanted == index_state::in)
        endpoint_.index().add(*this);
    else
        endpoint_.index().remove(*this);
}

result<> datagram_connection::deliver(bytes message)
{
    if (phase_ != phase::live)
        return error::internal_closed;
    auto& owner = endpoint_.owner();
    if (session_->backlog() >= endpoint_.listener().link.downlink_limit())
        return error::limit_downlink_backlog;
    auto& out = owner.out();
    out.clear();
    auto const sent = session_->send(owner.now(), message, out);
    if (!sent)
        return sent;
    session_registration::count_down(endpoint_.listener(), message.size());
    send(out, peer_, endpoint_.locals().at(local_));
    settle();
    return {};
}

void datagram_connection::taken_over()
{
    auto& out = endpoint_.owner().out();
    out.clear();
    session_->taken_over(endpoint_.owner().now(), 1, out);
    if (pending_move_)
        send(out, pending_move_->peer, pending_move_->at);
    else
        send(out, peer_, endpoint_.locals().at(local_));
    settle();
}

time_point datagram_connection::on_due(time_point now)
{
    if (closed() || phase_ == phase::claiming)
        return never;
    bool const may_go = phase_ == phase::leaving || phase_ == phase::lingering;
    auto const patience =
        phase_ == phase::leaving ? net_limits::datagram_goodbye_time : net_limits::goodbye_memory;
    if (may_go && now >= since_ + patience) {
        if (phase_ == phase::leaving)
            say_last_goodbye();
        close();
        return never;
    }
    if (pending_move_ && phase_ == phase::live && now >= since_ + net_limits::between_moves)
        move_to(*std::exchange(pending_move_, nullptr));
    auto& out = endpoint_.owner().out();
    out.clear();
    auto const fine = session_->on_deadline(now, out);
    send(out, peer_, endpoint_.locals().at(local_));
    hand_over(out);
    if (!fine && !may_go) {
        auto const later_then = on_limit(fine.error());
        if (later_then != never)
            return later_then;
    }
    settle();
    if (closed())
        return never;
    // Beyond a limit of its own the session has nothing more to do: the moment for its device is
    // all.
    if (phase_ == phase::lingering || (!fine && may_go))
        return since_ + patience;
    return may_go ? std::min(session_->deadline(), since_ + patience) : deadline();
}

// A limit of the session has come. Returns when to ask again, if it is not the device's fault.
time_point datagram_connection::on_limit(error why)
{
    auto& owner = endpoint_.owner();
    if (phase_ == phase::handshake) {
        evict(why);
        return never;
    }
    // Its messages are refused unread while the backend is behind.
    bool const excused = why == error::limit_idle_time && !endpoint_.listener().link.accepting();
    if (excused)
        return owner.now() + net_limits::unread_patience;
    report().rejected(owner.sampler(), owner.now(), session_->facts(), why);
    leave(reason_of(why));
    return never;
}

}  // namespace gatehouse
