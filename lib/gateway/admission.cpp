#include "gateway/admission.h"

#include <cstddef>

namespace gatehouse {

// Room for every handshake is made at once: hellos must not make memory grow.
admission::admission(admission_limits limits, std::uint64_t seed)
    : limits_{limits}
    , rate_{static_cast<double>(limits.handshakes_per_second), seed}
{
    if (limits_.handshakes_per_address != 0)
        handshakes_per_address_.reserve(2 * std::size_t{limits_.handshakes});
}

void admission::count_down(counts& of, peer_address const& peer)
{
    auto const found = of.find(source_of(peer));
    if (found != of.end() && --found->second == 0)
        of.erase(found);
}

void admission::give_handshake_back(peer_address const& peer)
{
    --handshakes_;
    if (limits_.handshakes_per_address != 0)
        count_down(handshakes_per_address_, peer);
}

result<> admission::capacity_for_session(peer_address const& peer) const
{
    if (limits_.sessions != 0 && sessions_ >= limits_.sessions)
        return error::limit_sessions;
    if (limits_.sessions_per_address == 0)
        return {};
    auto const found = per_address_.find(source_of(peer));
    if (found != per_address_.end() && found->second >= limits_.sessions_per_address)
        return error::limit_sessions_per_address;
    return {};
}

result<> admission::begin_handshake(time_point now, asker const& who, session_capacity wanted)
{
    auto const& peer = who.from;
    std::scoped_lock const lock{mutex_};
    if (wanted == session_capacity::now)
        if (auto const capacity = capacity_for_session(peer); !capacity)
            return capacity;
    if (limits_.handshakes != 0 && handshakes_ >= limits_.handshakes)
        return error::limit_handshakes;
    auto const of_source = limits_.handshakes_per_address;
    if (of_source != 0) {
        auto const found = handshakes_per_address_.find(source_of(peer));
        if (found != handshakes_per_address_.end() && found->second >= of_source)
            return error::limit_handshakes_per_address;
    }
    return take_slot(now, who);
}

result<> admission::begin_handshake_over_limit(time_point now, asker const& who)
{
    std::scoped_lock const lock{mutex_};
    return take_slot(now, who);
}

result<> admission::take_slot(time_point now, asker const& who)
{
    if (!rate_.take(now, who))
        return error::limit_handshake_rate;
    ++handshakes_;
    if (limits_.handshakes_per_address != 0)
        ++handshakes_per_address_[source_of(who.from)];
    return {};
}

void admission::abandon_handshake(peer_address const& peer)
{
    std::scoped_lock const lock{mutex_};
    give_handshake_back(peer);
}

result<> admission::begin_session(peer_address const& peer)
{
    std::scoped_lock const lock{mutex_};
    give_handshake_back(peer);
    return take_capacity(peer);
}

result<> admission::begin_session_again(peer_address const& peer)
{
    std::scoped_lock const lock{mutex_};
    return take_capacity(peer);
}

result<> admission::take_capacity(peer_address const& peer)
{
    if (auto const capacity = capacity_for_session(peer); !capacity)
        return capacity;
    ++sessions_;
    if (limits_.sessions_per_address != 0)
        ++per_address_[source_of(peer)];
    return {};
}

void admission::end_session(peer_address const& peer)
{
    std::scoped_lock const lock{mutex_};
    --sessions_;
    if (limits_.sessions_per_address != 0)
        count_down(per_address_, peer);
}

void admission::set_limits(admission_limits limits)
{
    std::scoped_lock const lock{mutex_};
    // A ledger that was not kept knows nothing of who is there; one that is not kept is let go.
    if (limits.sessions_per_address == 0)
        per_address_ = {};
    if (limits.handshakes_per_address == 0)
        handshakes_per_address_ = {};
    else if (limits_.handshakes_per_address == 0)
        handshakes_per_address_.reserve(limits.handshakes);
    limits_ = limits;
    rate_.set_rate(static_cast<double>(limits.handshakes_per_second));
}

void admission::move_session(peer_address const& from, peer_address const& to)
{
    std::scoped_lock const lock{mutex_};
    if (limits_.sessions_per_address == 0)
        return;
    count_down(per_address_, from);
    ++per_address_[source_of(to)];
}

}  // namespace gatehouse
