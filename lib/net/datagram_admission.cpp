// A hello at a datagram port: who gets a handshake, and who makes way for it.
#include "net/datagram_endpoint.h"
#include "net/worker.h"

#include <new>

namespace gatehouse {

void datagram_endpoint::open(arrived_datagram const& hello, datagram_look const& look)
{
    if (auto const admitted = ask_admission(hello, look); !admitted) {
        session_report{listener_, hello.from}.refused(
            owner_.sampler(), owner_.now(), {admitted.error(), look.device}
        );
        return;
    }
    auto const deadline = owner_.now() + listener_.config.handshake_timeout;
    auto* made = new (connections_.take()) datagram_connection{*this, hello, door_.open(deadline)};
    made->take_datagram(hello);
}

// The limits are the whole listener's: whoever should make way may be at another worker. The hello
// that found no room is repeated by its device.
result<> datagram_endpoint::ask_admission(arrived_datagram const& hello, datagram_look const& look)
{
    if (!listener_.link.accepting_sessions())
        return error::limit_backend_backlog;
    auto const answer = listener_.gate_beside(handshakes_.order())
                            .ask(
                                owner_.now(),
                                {.who = listener_.asker_at(hello.from, look.device),
                                 .what = handshake_gate::newcomer::repeats,
                                 .wanted = session_capacity::at_the_end,
                                 .surplus = surplus_at(hello.from, look.device)}
                            );
    if (answer.goes)
        handshakes_.owner_of(*answer.goes).evict(answer.full);
    if (answer.others_have_more)
        ask_others_for_capacity(answer.full, hello.from);
    return answer.admitted;
}

// The oldest handshake of a device that has as many as it may at its address, or of an address that
// has. (Elsewhere a device may be anybody.)
std::optional<unproven_order::slot> datagram_endpoint::surplus_at(
    peer_address const& peer, identity::device_id const& device
) const
{
    datagram_connection* oldest = nullptr;
    datagram_connection* oldest_of_device = nullptr;
    std::size_t count = 0;
    std::size_t count_of_device = 0;
    for (auto* one = index_.first(peer); one != nullptr; one = address_index::next(*one)) {
        if (!one->in_handshake())
            continue;
        oldest = one;  // the chain begins with the newest
        ++count;
        if (one->device() != device)
            continue;
        oldest_of_device = one;
        ++count_of_device;
    }
    if (count_of_device >= most_of_a_device)
        return oldest_of_device->handshake();
    if (count >= most_at_an_address)
        return oldest->handshake();
    return std::nullopt;
}

void datagram_endpoint::ask_others_for_capacity(error why, peer_address const& for_whom)
{
    if (owner_.now() - asked_for_capacity_ < net_limits::between_capacity_requests)
        return;
    asked_for_capacity_ = owner_.now();
    owner_.ask_for_capacity(listener_.index, why, for_whom);
}

void datagram_endpoint::free_capacity(error why, peer_address const& for_whom)
{
    auto const goes =
        listener_.gate_beside(handshakes_.order())
            .eviction_candidate(owner_.now(), why, for_whom, handshake_gate::newcomer::repeats);
    if (goes)
        handshakes_.owner_of(*goes).evict(why);
}

}  // namespace gatehouse
