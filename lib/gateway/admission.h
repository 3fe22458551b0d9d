// Who may start a handshake or a session: the limits of one listener, exact across workers.
//
// Shared by all workers and therefore locked; touched once per handshake and once per session end,
// never per message (docs/decisions/0005).
#pragma once

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "gateway/source_shares.h"

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
    std::uint32_t handshakes_per_address = 0;
};

// Must there be room for a session already when a handshake begins? Not where the device may have
// one whose place it will take.
enum class session_capacity : std::uint8_t { now, at_the_end };

class admission {
public:
    using asker = source_shares::asker;

    // `seed` is drawn at random: strangers do not know which of them share a place in its tables.
    explicit admission(admission_limits limits, std::uint64_t seed = 0);

    // A whole hello has arrived: takes a handshake slot. Errors: limit_sessions,
    // limit_sessions_per_address, limit_handshakes, limit_handshakes_per_address,
    // limit_handshake_rate (of which each source has its share). Refuses a device that could not
    // get a session anyway before any key is made for it.
    result<> begin_handshake(
        time_point now, asker const& who, session_capacity wanted = session_capacity::now
    );

    // Takes a slot although there is none: for a worker that has less than its share, or where
    // another handshake makes way. Error: limit_handshake_rate.
    result<> begin_handshake_over_limit(time_point now, asker const& who);

    // The handshake failed: gives its slot back.
    void abandon_handshake(peer_address const& peer);

    // The device proved itself: its slot becomes a session. On an error the slot is given back.
    result<> begin_session(peer_address const& peer);

    // Its slot was given back, and room is asked for once more.
    result<> begin_session_again(peer_address const& peer);

    void end_session(peer_address const& peer);

    // From now on; what is there stays. Per-address limits that were not counted before count from
    // here.
    void set_limits(admission_limits limits);

    // A session's device has a new address; never refused.
    void move_session(peer_address const& from, peer_address const& to);

private:
    using counts = boost::unordered_flat_map<source_prefix, std::uint32_t>;
    static void count_down(counts& of, peer_address const& peer);
    void give_handshake_back(peer_address const& peer);

    result<> capacity_for_session(peer_address const& peer) const;
    result<> take_slot(time_point now, asker const& who);
    result<> take_capacity(peer_address const& peer);

    admission_limits limits_;
    mutable std::mutex mutex_;
    std::uint32_t handshakes_ = 0;
    std::uint32_t sessions_ = 0;
    source_shares rate_;
    counts per_address_;             // sessions, only while that limit is set
    counts handshakes_per_address_;  // likewise
};

}  // namespace gatehouse
