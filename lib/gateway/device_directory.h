// Which sessions a device has, wherever they live.
//
// Each device has one home worker, chosen by its id, and the directory there knows all its
// sessions, in the order in which they were opened. Workers tell the home by posted values; nothing
// is shared.
#pragma once

#include "base/session_id.h"
#include "identity/device_id.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace gatehouse {

// The worker whose directory knows `device`.
std::uint8_t home_of(identity::device_id const& device, std::size_t workers) noexcept;

class device_directory {
public:
    struct place {
        session_id session;
        std::size_t backend = 0;
    };

    void opened(identity::device_id const& device, place where);
    void closed(identity::device_id const& device, session_id session);

    // The newest session of the device that belongs to `backend`.
    std::optional<session_id> newest(identity::device_id const& device, std::size_t backend) const;

    // The newest few sessions of the device but this one: as many as are asked to make way.
    static constexpr std::size_t most_others = 8;
    std::vector<session_id> others(identity::device_id const& device, session_id than) const;

private:
    // Hardly any device has more than one session: the first stands in the map itself, the others
    // in a list beside it.
    struct known {
        session_id newest;
        std::uint32_t backend = 0;
        bool has_older = false;
    };
    boost::unordered_flat_map<identity::device_id, known> newest_;
    boost::unordered_flat_map<identity::device_id, std::vector<place>> older_;  // oldest first
};

}  // namespace gatehouse
