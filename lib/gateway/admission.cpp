#include "gateway/admission.h"

#include <algorithm>
#include <chrono>

namespace gatehouse {

admission::source admission::source_of(peer_address const& peer) noexcept
{
    auto from = peer.ip;
    if (!peer.is_v4())
        std::fill(from.begin() + 8, from.end(), std::uint8_t{0});
    return from;
}

result<> admission::room_for_session(peer_address const& peer) const
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

// A bucket that holds one second's worth.
bool admission::take_token(time_point now)
{
    if (limits_.handshakes_per_second == 0)
        return true;
    auto const rate = static_cast<double>(limits_.handshakes_per_second);
    if (!started_) {
        tokens_ = rate;
        started_ = true;
    } else if (now > refilled_) {
        auto const elapsed = std::chrono::duration<double>(now - refilled_).count();
        tokens_ = std::min(rate, tokens_ + elapsed * rate);
    }
    refilled_ = std::max(refilled_, now);
    if (tokens_ < 1)
        return false;
    tokens_ -= 1;
    return true;
}

result<> admission::begin_handshake(time_point now, peer_address const& peer)
{
    std::scoped_lock const lock{mutex_};
    if (auto const room = room_for_session(peer); !room)
        return room;
    if (limits_.handshakes != 0 && handshakes_ >= limits_.handshakes)
        return error::limit_handshakes;
    if (!take_token(now))
        return error::limit_handshake_rate;
    ++handshakes_;
    return {};
}

void admission::abandon_handshake()
{
    std::scoped_lock const lock{mutex_};
    --handshakes_;
}

result<> admission::begin_session(peer_address const& peer)
{
    std::scoped_lock const lock{mutex_};
    --handshakes_;
    if (auto const room = room_for_session(peer); !room)
        return room;
    ++sessions_;
    if (limits_.sessions_per_address != 0)
        ++per_address_[source_of(peer)];
    return {};
}

void admission::end_session(peer_address const& peer)
{
    std::scoped_lock const lock{mutex_};
    --sessions_;
    if (limits_.sessions_per_address == 0)
        return;
    auto const found = per_address_.find(source_of(peer));
    if (found != per_address_.end() && --found->second == 0)
        per_address_.erase(found);
}

}  // namespace gatehouse
