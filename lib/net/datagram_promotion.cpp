// How the device of a datagram listener becomes a session, and how that makes way for the next.
#include "net/datagram_connection.h"
#include "net/datagram_port.h"
#include "net/worker.h"

#include <utility>

namespace gatehouse {

// The device has proven itself: it becomes a session that the backend hears of. When there is no
// other room, in the place of one of its own.
bool datagram_connection::promote()
{
    auto& owner = port_.owner();
    port_.handshakes().remove(handshake_);
    port_.keep_reserve();
    owner.connection_opened();
    if (!port_.listener().admitted->begin_session(peer_)) {
        phase_ = phase::claiming;
        owner.sessions().add(session_->facts().id, *this);
        claim_place(device_claim::need::room);
        return false;
    }
    begin_session();
    if (port_.listener().sessions_of_a_device() != 1)
        claim_place(device_claim::need::nothing);
    return true;
}

void datagram_connection::begin_session()
{
    auto const handshake = port_.owner().now() - since_;
    phase_ = phase::live;
    registration_.begin(bearer(), session_->facts(), *this, handshake);
}

// At its address the device has this session and no other, however many it may have elsewhere.
void datagram_connection::claim_place(device_claim::need wanted)
{
    auto const& listener = port_.listener();
    auto const most = listener.sessions_of_a_device();
    auto const facts = session_->facts();
    bool const of_device = wanted == device_claim::need::room && most != 0;
    device_claim claim{
        .by = facts.id,
        .peer = peer_,
        .listener = listener.index,
        .whom = of_device ? device_claim::reach::device : device_claim::reach::address,
        .wants = wanted,
    };
    port_.owner().claim_place(facts.device, std::move(claim), most);
}

// Its SESSION_OK goes out when the session repeats it.
bool datagram_connection::place_cleared(device_claim const& claim)
{
    if (phase_ != phase::claiming)
        return false;
    auto& owner = port_.owner();
    auto& admitted = *port_.listener().admitted;
    bool const is_left_one = claim.freed.has_value();
    if (is_left_one) {
        admitted.move_session(*claim.freed, peer_);
    } else if (auto const room = admitted.begin_session_again(peer_); !room) {
        report().refused(owner.sampler(), owner.now(), {room.error(), session_->facts().device});
        close();
        return false;
    }
    begin_session();
    settle();
    return is_left_one;
}

void datagram_connection::make_way(device_claim& claim)
{
    bool const is_meant = claim.listener == port_.listener().index &&
                          (claim.whom == device_claim::reach::device || claim.peer == peer_);
    if (phase_ != phase::live || !is_meant)
        return;
    registration_.leave_place_to(claim, bearer());
    finish(end_reason::replaced);
}

}  // namespace gatehouse
