// The pairs of seed and tick that devices of v2 were told, and the messages that were accepted of
// them, for as long as a message could be accepted again.
//
// Requests of one device arrive on any worker: one table for all listeners, shared by all workers
// and therefore locked; touched by requests of this protocol only, never while a message is worked
// on. A device that asks for nothing takes no memory after a while; no more devices are remembered
// than are listed, and no more messages of each than limits.h says.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "protocol/array_crypto/device_list.h"
#include "protocol/array_crypto/limits.h"
#include "protocol/array_crypto/profile.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace gatehouse::array_crypto {

class pair_table {
public:
    // What the device is told now: the same again until it was used, is old, or a reply under it
    // was fetched.
    pair tell(state_id const& of, time_point now, crypto::random_source& random);

    // Under which a reply is sealed: what the device will be told next, as often as there are
    // replies under it, for a while.
    pair for_reply(state_id const& of, time_point now, crypto::random_source& random);

    // The pairs that a message may be of, newest first.
    struct live_pairs {
        std::array<pair, limits::pairs_a_device> all{};
        std::size_t count = 0;
    };
    live_pairs live(state_id const& of, time_point now);

    // Takes note of a message under one of them. Errors: unproven_replay; limit_device_rate.
    result<> accept(state_id const& of, pair const& under, bytes salt, time_point now);
    // The same for v1, whose messages could be accepted until `until`.
    result<> accept_until(state_id const& of, bytes salt, time_point until, time_point now);

    std::size_t devices() const;

private:
    struct told_pair {
        pair of{};
        time_point made;
        time_point told;  // last
        bool used = false;
    };
    struct accepted_message {
        std::array<std::uint8_t, longest_salt> salt{};
        time_point until;
    };
    struct state {
        state_id id{};
        time_point touched;
        std::vector<told_pair> pairs;            // newest last
        std::vector<accepted_message> accepted;  // oldest first
        std::size_t unfetched = 0;               // replies under the newest
        time_point held_until;                   // for them to be fetched
    };

    struct hash {
        std::size_t operator()(state_id const& id) const noexcept;
    };

    state& touch(state_id const& of, time_point now);
    static void drop_old(state& of, time_point now);
    static told_pair& draw(state& of, time_point now, crypto::random_source& random);
    static told_pair& newest(state& of, time_point now, crypto::random_source& random);
    static result<> remember(state& of, bytes salt, time_point until);

    std::mutex mutable mutex_;
    std::list<state> states_;  // touched longest ago first
    std::unordered_map<state_id, std::list<state>::iterator, hash> index_;
};

}  // namespace gatehouse::array_crypto
