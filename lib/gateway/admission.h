// Who may start a handshake or a session: the limits of one listener, exact across workers.
//
// Shared by all workers and therefore locked; touched once per handshake and once per session end,
// never per message (docs/decisions/0005).
#pragma once

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <cstdint>
#include <mutex>

namespace gatehouse {

struct admission_limits {
    std::uint32_t sessions = 0;  // 0 = no limit, here and below
    std::uint32_t sessions_per_address = 0;
    std::uint32_t handshakes_per_second = 0;
    std::uint32_t handshakes = 0;  // at once
};

class admission {
public:
    explicit admission(admission_limits limits) : limits_{limits} {}

    // A whole hello has arrived: takes a handshake slot. Errors: limit_sessions,
    // limit_sessions_per_address, limit_handshakes, limit_handshake_rate. Refuses a device that
    // could not get a session anyway before any key is made for it.
    result<> begin_handshake(time_point now, peer_address const& peer);

    // The handshake failed: gives its slot back.
    void abandon_handshake();

    // The device proved itself: its slot becomes a session. On an error the slot is given back.
    result<> begin_session(peer_address const& peer);

    void end_session(peer_address const& peer);

private:
    // What counts as one address: all of IPv4, the /64 network of IPv6, of which a device may use
    // any.
    using source = std::array<std::uint8_t, 16>;
    static source source_of(peer_address const& peer) noexcept;

    result<> room_for_session(peer_address const& peer) const;
    bool take_token(time_point now);

    admission_limits limits_;
    mutable std::mutex mutex_;
    std::uint32_t handshakes_ = 0;
    std::uint32_t sessions_ = 0;
    double tokens_ = 0;
    time_point refilled_{};
    bool started_ = false;
    boost::unordered_flat_map<source, std::uint32_t> per_address_;  // only while that limit is set
};

}  // namespace gatehouse
