// A hello at a datagram port: who gets a handshake, and who makes way for it.
#include "net/datagram_port.h"
#include "net/worker.h"

#include <new>

namespace gatehouse {

void datagram_port::open(arrived_datagram const& hello, datagram_look const& look)
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

// A slot for this handshake: from those at its own address first, if they are too many, else from
// one that has owed its proof for long.
result<> datagram_port::ask_admission(arrived_datagram const& hello, datagram_look const& look)
{
    if (!listener_.link.accepting_sessions())
        return error::limit_backend_backlog;
    auto const source = source_of(hello.from);
    auto* goes = surplus_at(hello.from, look.device);
    error full = error::limit_handshakes;
    if (goes == nullptr) {
        auto const admitted =
            listener_.admitted->begin_handshake(owner_.now(), hello.from, session_room::at_the_end);
        if (admitted)
            return admitted;
        full = admitted.error();
        goes = who_makes_way(full, source);
        if (goes == nullptr && !below_own_share(full, source)) {
            ask_others_for_room(full, source);
            return admitted;
        }
    }
    // Others may have more than their share: the slot that is freed here is ours all the same.
    auto const taken = listener_.admitted->begin_handshake_over_limit(owner_.now(), hello.from);
    if (taken && goes != nullptr)
        goes->evict(full);
    return taken;
}

// The oldest handshake of a device that has as many as it may at its address, or of an address that
// has. (Elsewhere a device may be anybody.)
datagram_connection* datagram_port::surplus_at(
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
    if (count_of_device >= open_handshakes::most_of_a_device)
        return oldest_of_device;
    return count >= open_handshakes::most_at_an_address ? oldest : nullptr;
}

datagram_connection* datagram_port::who_makes_way(error why, source_prefix const& source) const
{
    auto const then = owner_.now() - net_limits::handshake_patience;
    if (why == error::limit_handshakes_per_address)
        return handshakes_.oldest_of(source, then);
    if (why != error::limit_handshakes)
        return nullptr;
    auto* oldest = handshakes_.oldest_before(then);
    return oldest != nullptr ? oldest : handshakes_.oldest_of_a_crowd(source);
}

// The limits are the whole listener's, but each worker may have its share of them whatever the
// others hold: else a flood that is theirs would keep its devices out.
bool datagram_port::below_own_share(error why, source_prefix const& source) const
{
    auto const& limits = listener_.config.limits;
    auto const workers = owner_.worker_count();
    if (handshakes_.size() >= (limits.handshakes + workers - 1) / workers)
        return false;
    if (why == error::limit_handshakes)
        return true;
    return why == error::limit_handshakes_per_address &&
           handshakes_.count_of(source) < (limits.handshakes_per_address + workers - 1) / workers;
}

// The limits are the whole listener's: whoever should make way may be at another worker. The hello
// that found no room is repeated by its device.
void datagram_port::ask_others_for_room(error why, source_prefix const& source)
{
    bool const may_help =
        why == error::limit_handshakes || why == error::limit_handshakes_per_address;
    if (!may_help || owner_.now() - asked_for_room_ < net_limits::between_room_requests)
        return;
    asked_for_room_ = owner_.now();
    owner_.ask_for_room(listener_.index, why, source);
}

void datagram_port::make_room(error why, source_prefix const& source)
{
    if (auto* oldest = who_makes_way(why, source))
        oldest->evict(why);
}

}  // namespace gatehouse
