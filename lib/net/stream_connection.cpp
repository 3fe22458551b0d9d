#include "net/stream_connection.h"

#include "net/clock.h"
#include "net/last_messages.h"
#include "net/limits.h"
#include "net/worker.h"

#include <algorithm>
#include <utility>

#include <sys/socket.h>

namespace gatehouse {

namespace {

bool blames_silence(error why) noexcept
{
    return why == error::limit_idle_time || why == error::limit_frame_time;
}

}  // namespace

// A refused handshake: the device learns nothing but that the connection ends.
template <class Advise>
void stream_connection::refuse(session_report::refusal const& what, Advise const& advise)
{
    report().refused(owner_.sampler(), owner_.now(), what, advise);
    close();
}

void stream_connection::refuse(session_report::refusal const& what)
{
    report().refused(owner_.sampler(), owner_.now(), what);
    close();
}

stream_connection::stream_connection(
    worker& owner, listener_runtime& listener, tcp_socket socket, peer_address const& peer
)
    : owner_{owner}
    , listener_{listener}
    , socket_{std::move(socket)}
    , writer_{socket_, *this}
    , peer_{peer}
    , since_{owner.now()}
{
    ++listener_.references;
    listener_.descriptors->take();
    auto& queue = listener_.half_open;
    if (queue.size() >= listener_.most_half_open)
        if (auto const goes = queue.order().yields_to(peer_))
            queue.owner_of(*goes).evict(error::limit_half_open);
    slot_ = queue.add(*this, since_, peer_);
    listener_.cells.half_open.set(listener_.half_open.size());
    auto const greeting = later(since_, listener_.host->streams().patience());
    owner_.schedule(*this, std::min(greeting, hello_deadline()));
}

stream_connection::~stream_connection()
{
    partial_.release(listener_.blocks);
    --listener_.references;
}

std::size_t stream_connection::backend() const
{
    return listener_.link.index();
}

// One recv a wake-up: a busy device does not keep the others waiting.
void stream_connection::read()
{
    if (is_bounded()) {
        read_in_bounds();
        return;
    }
    bool const in_place = partial_.is_large();
    auto const buffer = owner_.read_buffer();
    auto const kept = partial_.contents();
    if (!in_place)
        std::copy(kept.begin(), kept.end(), buffer.begin());
    auto const space =
        in_place ? partial_.space() : buffer.subspan(kept.size(), net_limits::read_size);
    auto const got = ::recv(socket_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
    if (got > 0) {
        auto const all = kept.size() + static_cast<std::size_t>(got);
        if (!in_place)
            partial_.set_aside();
        take(in_place ? partial_.grown(all - kept.size()) : buffer.first(all));
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        on_eof();
    }
}

// What the session left because it was not its device's turn.
void stream_connection::take_kept()
{
    if (partial_.is_large()) {
        take(partial_.grown(0));
        return;
    }
    auto const kept = partial_.contents();
    auto const shown = owner_.read_buffer().first(kept.size());
    std::copy(kept.begin(), kept.end(), shown.begin());
    partial_.set_aside();
    take(shown);
}

// Returns how much of `data` is done with, or kept here: all of it, unless `most` was reached.
std::size_t stream_connection::take(mutable_bytes data, device_rates::allowance const& most)
{
    if (phase_ == phase::greeting && !meet(data))
        return data.size();
    auto& out = owner_.out();
    out.clear();
    out.set_capacity(most.messages, most.bytes);
    bool const was_proven = session_->facts().authenticated;
    listener_.host->set_wall_time(read_wall_clock());
    if (!was_proven)
        owner_.make_keys_while_idle();
    auto const used = session_->receive(owner_.now(), data, out);
    if (!was_proven && session_->facts().authenticated)
        promote();
    auto const done = used && out.is_full() ? *used : data.size();
    auto const part =
        used && *used > 0 ? unfinished::part::of_a_new_one : unfinished::part::of_the_same;
    if (phase_ == phase::claiming && used)
        keep(data.first(done).subspan(*used), part);
    else if (phase_ == phase::claiming)
        fail(used.error());
    if (!open() || phase_ == phase::claiming)
        return done;
    hand_over();
    auto const most_unsent = listener_.link.downlink_limit() + net_limits::cork_size;
    if (!used) {
        fail(used.error());
    } else if (writer_.unsent() > most_unsent) {
        fail(error::limit_downlink_backlog);  // it asks for answers that it never reads
    } else if (session_->ended()) {
        finish(phase_ == phase::leaving ? leaving_for_ : *session_->ended());
    } else {
        keep(data.first(done).subspan(*used), part);
        hang_up_after_the_last();
        owner_.schedule(*this, session_->deadline());
    }
    return done;
}

void stream_connection::leave_queue()
{
    if (phase_ == phase::greeting)
        listener_.half_open.remove(slot_);
    else if (phase_ == phase::handshake)
        listener_.handshaking.remove(slot_);
    listener_.cells.half_open.set(listener_.half_open.size());
}

// What a call into the session produced: frames to the device, messages to the backend.
void stream_connection::hand_over()
{
    auto& out = owner_.out();
    if (!out.wire.empty())
        send_wire(out.wire.all());
    if (registration_.active() && !registration_.introduced()) {
        auto who = session_context();
        who.route = session_->route();
        registration_.introduce(who, session_->facts());
    }
    bool const wanted =
        phase_ == phase::live || (phase_ == phase::leaving && takes_last_messages(leaving_for_));
    if (wanted && registration_.active() && !out.up.empty())
        registration_.pass_up(session_context(), session_->facts(), out, backend::receipt::none);
}

void stream_connection::keep(bytes rest, unfinished::part what)
{
    auto const yield_to = [](void* who) { static_cast<stream_connection*>(who)->give_up_half(); };
    partial_.keep(rest, listener_.blocks, {this, yield_to}, what);
    listener_.count_made_way();
}

// Others need the room: half a frame ends its connection, since what follows of it means nothing.
void stream_connection::give_up_half()
{
    partial_.release(listener_.blocks);
    if (phase_ == phase::greeting)
        refuse({error::limit_half_records, {}});
    else if (open())
        fail(error::limit_half_records);
}

void stream_connection::on_eof()
{
    if (auto const why = session_ ? session_->turned_away() : std::nullopt) {
        fail(*why);
        return;
    }
    switch (phase_) {
    case phase::greeting:
        close();
        return;
    case phase::handshake:
        session_->peer_closed(owner_.now());
        if (session_->ended())
            close();
        else
            fail(error::unproven_hang_up);
        return;
    case phase::claiming:
        report().aborted();
        close();
        return;
    case phase::live:
        session_->peer_closed(owner_.now());
        finish(end_reason::eof);
        return;
    case phase::leaving:
        finish(leaving_for_);
        return;
    case phase::closed:
        return;
    }
}

void stream_connection::send_wire(bytes data)
{
    if (open())
        writer_.send(data);
}

// The device reads what was said to its end, and hangs up as well.
void stream_connection::hang_up_after_the_last()
{
    if (!session_->says_no_more())
        return;
    owner_.uncork_if(*this);
    writer_.hang_up();
}

result<> stream_connection::deliver(bytes message)
{
    auto const send = [&](output& out) { return session_->send(owner_.now(), message, out); };
    return deliver_with(message.size(), send);
}

result<> stream_connection::deliver_last(bytes message, std::string_view status)
{
    auto const send = [&](output& out) {
        return session_->send_last(owner_.now(), message, status, out);
    };
    return deliver_with(message.size(), send);
}

template <class Send>
result<> stream_connection::deliver_with(std::size_t size, Send const& send)
{
    if (phase_ != phase::live)
        return error::internal_closed;
    if (writer_.unsent() >= listener_.link.downlink_limit())
        return error::limit_downlink_backlog;
    auto const sent = send(owner_.cork(*this));
    if (!sent)
        return sent;
    session_registration::count_down(listener_, size);
    hang_up_after_the_last();
    bool const takes_more = !partial_.empty() && session_->wants_what_it_left();
    owner_.schedule(*this, takes_more ? owner_.now() : session_->deadline());
    return {};
}

void stream_connection::end(end_reason reason)
{
    if (phase_ == phase::live)
        leave(reason);
    if (phase_ == phase::handshake || phase_ == phase::claiming)
        report().aborted();
    if (phase_ <= phase::claiming)
        close();
}

session_row stream_connection::look() const
{
    return registration_.look(*session_, listener_, peer_);
}

void stream_connection::review(snapshot_change const& change)
{
    if (phase_ != phase::live || !listener_.is_concerned(change))
        return;
    using verdict = identity::key_standing::verdict;
    auto const standing = listener_.standing_of(session_->facts(), change);
    if (listener_.retired) {
        end(end_reason::admin);
    } else if (standing.what == verdict::gone) {
        end(end_reason::revoked);
    } else if (standing.what == verdict::window_changed || change.listeners_changed) {
        if (standing.what == verdict::window_changed)
            session_->set_key_window(standing.window, read_wall_clock(), owner_.now());
        owner_.schedule(*this, session_->deadline());  // timeouts may be shorter now
    }
}

void stream_connection::clock_stepped()
{
    if (phase_ != phase::live)
        return;
    if (auto const window = listener_.window_after_step(session_->facts()))
        session_->set_key_window(*window, read_wall_clock(), owner_.now());
    owner_.schedule(*this, session_->deadline());
}

void stream_connection::evict(error why)
{
    refuse({why, session_ ? session_->facts().device : identity::device_id{}});
}

void stream_connection::wake()
{
    if (phase_ != phase::handshake && phase_ != phase::live)
        return;
    owner_.tick();
    owner_.schedule(*this, on_due(owner_.now()));
}

time_point stream_connection::on_due(time_point now)
{
    auto const next = on_session_due(now);
    return awaits_rate_ && open() ? std::min(next, look_at_rate(now)) : next;
}

time_point stream_connection::on_session_due(time_point now)
{
    switch (phase_) {
    case phase::claiming:
    case phase::closed:
        return never;
    case phase::greeting:
        return on_silence(now);
    case phase::leaving:
        return on_goodbye_due(now);
    case phase::handshake:
    case phase::live:
        break;
    }
    auto& out = owner_.out();
    out.clear();
    auto const fine = session_->on_deadline(now, out);
    hand_over();
    if (!fine && blames_silence(fine.error()) && (awaits_rate_ || has_unread()))
        return now + net_limits::unread_patience;
    if (!fine)
        fail(fine.error());
    else if (session_->ended())
        finish(*session_->ended());
    else
        hang_up_after_the_last();
    if (open() && !partial_.empty() && session_->wants_what_it_left()) {
        if (must_wait_for_backend())
            return now + net_limits::unread_patience;
        auto const most = is_bounded() ? allowance() : device_rates::allowance{};
        if (most.nothing() && most.from > now)
            return most.from;
        take_kept();
    }
    switch (phase_) {
    case phase::handshake:
    case phase::live:
        return session_->deadline();
    case phase::leaving:
        return since_ + net_limits::goodbye_time;
    case phase::greeting:
    case phase::claiming:
    case phase::closed:
        break;
    }
    return never;
}

// An error of the session ends it: quietly when the device is to blame, with a goodbye when a limit
// is.
void stream_connection::fail(error why)
{
    if (phase_ == phase::handshake) {
        auto const& facts = session_->facts();
        refuse({why, facts.device}, [&] { return listener_.host->advice(why, facts); });
        return;
    }
    if (!registration_.active()) {
        close();
        return;
    }
    report().rejected(owner_.sampler(), owner_.now(), session_->facts(), why);
    auto const reason = reason_of(why);
    if (phase_ == phase::leaving)
        finish(leaving_for_);
    else if (reason == end_reason::protocol)
        finish(reason, why);
    else
        leave(reason);
}

}  // namespace gatehouse
