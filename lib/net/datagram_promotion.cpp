// How the device of a datagram listener becomes a session, and how that makes way for the next.
#include "net/datagram_connection.h"
#include "net/datagram_endpoint.h"
#include "net/worker.h"

#include <utility>

namespace gatehouse {

// The device has proven itself: it becomes a session that the backend hears of. When there is no
// other room, in the place of one of its own.
bool datagram_connection::promote()
{
    auto& owner = endpoint_.owner();
    endpoint_.handshakes().remove(handshake_);
    endpoint_.keep_reserve();
    owner.connection_opened();
    if (!endpoint_.listener().admitted->begin_session(peer_)) {
        phase_ = phase::claiming;
        owner.sessions().add(session_->facts().id, *this);
        claim_slot(device_claim::need::capacity);
        return false;
    }
    begin_session();
    if (endpoint_.listener().sessions_of_a_device() != 1)
        claim_slot(device_claim::need::nothing);
    return true;
}

void datagram_connection::begin_session()
{
    auto const handshake = endpoint_.owner().now() - since_;
    phase_ = phase::live;
    registration_.begin(session_context(), session_->facts(), *this, handshake);
}

// At its address the device has this session and no other, however many it may have elsewhere.
void datagram_connection::claim_slot(device_claim::need wanted)
{
    auto const& listener = endpoint_.listener();
    auto const most = listener.sessions_of_a_device();
    auto const facts = session_->facts();
    bool const of_device = wanted == device_claim::need::capacity && most != 0;
    device_claim claim{
        .by = facts.id,
        .peer = peer_,
        .listener = listener.index,
        .whom = of_device ? device_claim::reach::device : device_claim::reach::address,
        .wants = wanted,
    };
    endpoint_.owner().claim_slot(facts.device, std::move(claim), most);
}

// Its SESSION_OK goes out when the session repeats it.
bool datagram_connection::slot_cleared(device_claim const& claim)
{
    if (phase_ != phase::claiming)
        return false;
    auto& owner = endpoint_.owner();
    auto& admitted = *endpoint_.listener().admitted;
    bool const is_left_one = claim.freed.has_value();
    if (is_left_one) {
        admitted.move_session(*claim.freed, peer_);
    } else if (auto const capacity = admitted.begin_session_again(peer_); !capacity) {
        report().refused(
            owner.sampler(), owner.now(), {capacity.error(), session_->facts().device}
        );
        close();
        return false;
    }
    begin_session();
    settle();
    return is_left_one;
}

void datagram_connection::yield_to(device_claim& claim)
{
    bool const is_meant = claim.listener == endpoint_.listener().index &&
                          (claim.whom == device_claim::reach::device || claim.peer == peer_);
    if (phase_ != phase::live || !is_meant)
        return;
    registration_.leave_slot_to(claim, session_context());
    finish(end_reason::replaced);
}

}  // namespace gatehouse
