#include "gateway/handshake_gate.h"

namespace gatehouse {

namespace {

bool is_of_handshakes(error full) noexcept
{
    return full == error::limit_handshakes || full == error::limit_handshakes_per_address;
}

}  // namespace

handshake_gate::answer handshake_gate::ask(time_point now, question const& asked)
{
    auto goes = asked.surplus;
    auto full = error::limit_handshakes;
    if (!goes) {
        auto const admitted = ledger_.begin_handshake(now, asked.who, asked.wanted);
        if (admitted || !is_of_handshakes(admitted.error()))
            return {admitted};
        full = admitted.error();
        goes = eviction_candidate(now, full, asked.who.from, asked.what);
        if (!goes && !is_below_own_share(full, source_of(asked.who.from)))
            return {.admitted = admitted, .full = full, .others_have_more = true};
    }
    // Others may have more than their share: the slot that is freed here is ours all the same.
    auto const taken = ledger_.begin_handshake_over_limit(now, asked.who);
    if (!taken)
        return {taken};
    return {taken, goes, full};
}

std::optional<unproven_order::slot> handshake_gate::eviction_candidate(
    time_point now, error full, peer_address const& for_whom, newcomer what
) const
{
    if (!is_of_handshakes(full))
        return std::nullopt;
    auto const source = source_of(for_whom);
    if (full == error::limit_handshakes)
        if (auto const crowd = open_.oldest_of_a_crowd(for_whom))
            return crowd;
    if (what == newcomer::said_nothing)
        return std::nullopt;
    auto const then = now - patience;
    if (auto const own = open_.oldest_of(source, what == newcomer::repeats ? then : never))
        return own;
    if (full == error::limit_handshakes_per_address)
        return std::nullopt;
    auto const beside = open_.oldest_of_network(for_whom, then);
    if (beside && open_.count_beside(*beside) > open_.count_of(source))
        return beside;
    auto const oldest = open_.oldest_before(then);
    if (oldest && open_.count_in_network_of(*oldest) > open_.count_in_network(for_whom))
        return oldest;
    return std::nullopt;
}

// The limits are the whole listener's, but each worker may have its share of them whatever the
// others hold: else a flood that is theirs would keep its devices out.
bool handshake_gate::is_below_own_share(error full, source_prefix const& source) const
{
    auto const share = [&](std::size_t limit) {
        return (limit + limits_.workers - 1) / limits_.workers;
    };
    if (open_.size() >= share(limits_.handshakes))
        return false;
    return full == error::limit_handshakes ||
           open_.count_of(source) < share(limits_.handshakes_per_address);
}

}  // namespace gatehouse
