// Which sessions a device has, wherever they live, and which key it showed last.
//
// Each device has one home worker, chosen by its id, and the directory there knows all its
// sessions, in the order in which they were opened. Workers tell the home by posted values; nothing
// is shared.
#pragma once

#include "base/session_id.h"
#include "gateway/device_slots.h"
#include "identity/device_id.h"
#include "identity/keyring.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace gatehouse {

// The worker whose directory knows `device`.
std::uint8_t home_of(identity::device_id const& device, std::size_t workers) noexcept;

// What a device was last seen with.
struct device_sighting {
    identity::device_id device;
    std::size_t credentials = 0;  // slot of the set
    identity::key_index key = 0;
    std::uint32_t when = 0;    // seconds since 1970
    session_id session;        // its newest live one; value 0 when it is not connected
    bool is_request = false;   // of a protocol of single requests
    std::size_t listener = 0;  // slot of the listener that its newest session is, or was, of
};

// How a key is used.
struct key_use {
    std::uint64_t seen = 0;  // devices that showed it last
    std::uint32_t last = 0;  // when anybody did, in seconds since 1970; 0 = never
};

class device_directory {
public:
    // As many devices are remembered when they are not connected.
    static constexpr std::size_t most_remembered = std::size_t{1} << 22;

    // More listeners than these are not known apart (daemon/next_snapshot.cpp admits no more).
    static constexpr std::size_t most_listeners = std::size_t{1} << 14;

    struct location {
        session_id session;
        std::size_t backend = 0;
        std::size_t listener = 0;
    };

    // `shown.session` is the session that was opened.
    void opened(device_sighting const& shown, std::size_t backend);
    void closed(identity::device_id const& device, session_id session);

    // The newest session of the device that belongs to `backend`.
    std::optional<session_id> newest(identity::device_id const& device, std::size_t backend) const;

    // Has the device several requests under way, so that `newest` would name any of them? A session
    // stands for its device; a request does not.
    bool has_several_requests(identity::device_id const& device) const;

    // The newest few sessions of the device but this one: as many as are asked to make way.
    static constexpr std::size_t most_others = 8;
    std::vector<session_id> others(identity::device_id const& device, session_id than) const;

    // Of the device's sessions of `listener` all but the newest `most`, the newest of them first.
    std::vector<session_id> surplus(
        identity::device_id const& device, std::size_t listener, std::size_t most
    ) const;

    // Those that make way for one more session of the device on `listener`, of which there may be
    // `most`, when there is no other room for it: at least the oldest. Nobody when `most` is 0.
    std::vector<session_id> in_the_way(
        identity::device_id const& device, std::size_t listener, std::size_t most
    ) const;

    // Since the daemon started, as far as it is remembered.
    std::optional<device_sighting> sighting_of(identity::device_id const& device) const;
    // By key index.
    std::vector<key_use> uses_of(std::size_t credentials) const;

private:
    // Hardly any device has more than one session: the first stands in the map itself, the others
    // in a list beside it. Every session has a slot here: no byte without need.
    struct [[gnu::packed]] known {
        std::array<std::uint8_t, 8> newest{};  // zero: none
        std::uint32_t key = 0;
        std::uint32_t when = 0;
        std::uint16_t backend = 0;
        std::uint16_t listener : 14 = 0;
        std::uint16_t has_older : 1 = 0;
        std::uint16_t is_request : 1 = 0;
    };
    static_assert(sizeof(known) == 20);

    void set_newest(known& of, location const& where);
    std::size_t credentials_of(known const& one) const { return credentials_[one.listener]; }
    key_use& use_of(std::size_t credentials, identity::key_index key);

    device_slots<known> newest_;
    boost::unordered_flat_map<identity::device_id, std::vector<location>> older_;  // oldest first
    std::vector<std::uint8_t> credentials_;   // by listener, whose set is always the same
    std::vector<std::vector<key_use>> uses_;  // by credential set and key index
};

}  // namespace gatehouse
