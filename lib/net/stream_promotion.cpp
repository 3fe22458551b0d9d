// How the device of a stream listener becomes a session, and how that makes way for the next.
#include "net/limits.h"
#include "net/stream_connection.h"
#include "net/worker.h"

#include <utility>

namespace gatehouse {

// The device has proven itself: it becomes a session that the backend hears of. When there is no
// other room, in the place of one of its own.
void stream_connection::promote()
{
    leave_queue();
    phase_ = phase::claiming;
    auto const admitted = listener_.admitted->begin_session(peer_);
    if (admitted)
        begin_session();
    else if (listener_.sessions_of_a_device() != 0)
        claim_slot();
    else
        refuse({admitted.error(), session_->facts().device});
}

void stream_connection::begin_session()
{
    phase_ = phase::live;
    auto who = session_context();
    who.route = session_->route();
    registration_.begin(who, session_->facts(), *this, owner_.now() - since_);
}

// Nothing goes on until the device's home has answered: what the session has put out goes with the
// question.
void stream_connection::claim_slot()
{
    paused_ = true;
    auto const facts = session_->facts();
    owner_.sessions().add(facts.id, *this);
    device_claim claim{
        .by = facts.id,
        .peer = peer_,
        .listener = listener_.index,
        .wants = device_claim::need::capacity,
    };
    claim.held.take(owner_.out());
    owner_.claim_slot(facts.device, std::move(claim), listener_.sessions_of_a_device());
}

bool stream_connection::slot_cleared(device_claim const& claim)
{
    if (phase_ != phase::claiming)
        return false;
    bool const is_left_one = claim.freed.has_value();
    if (is_left_one) {
        listener_.admitted->move_session(*claim.freed, peer_);
    } else if (auto const admitted = listener_.admitted->begin_session_again(peer_); !admitted) {
        refuse({admitted.error(), session_->facts().device});
        return false;
    }
    begin_session();
    auto& out = owner_.out();
    out.clear();
    claim.held.show(out);
    hand_over();
    owner_.schedule(*this, session_->deadline());
    resume();
    return is_left_one;
}

// What the device had sent before it came back still counts, as far as it can be read at once.
void stream_connection::read_last()
{
    for (std::size_t i = 0; i < net_limits::last_reads && phase_ == phase::live; ++i) {
        if (paused_ || must_wait_for_backend() || !has_unread())
            return;
        read();
    }
}

// The device has a newer session: this one hears goodbye, and nothing more of it counts.
void stream_connection::yield_to(device_claim& claim)
{
    bool const is_meant = claim.listener == listener_.index &&
                          (claim.whom == device_claim::reach::device || claim.peer == peer_);
    if (phase_ != phase::live || !is_meant)
        return;
    registration_.leave_slot_to(claim, session_context());
    read_last();
    if (phase_ != phase::live)
        return;
    owner_.uncork_if(*this);
    auto& out = owner_.cork(*this);
    session_->end(owner_.now(), out);
    owner_.uncork();
    finish(end_reason::replaced);
}

}  // namespace gatehouse
