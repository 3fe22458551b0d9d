// The handshakes of a datagram listener that are not proven yet, oldest first: which of them makes
// way when there is no room.
//
// A working device is done within moments, so only older ones make way; but no device needs more
// than two at once. One a port; its memory is taken at once.
#pragma once

#include "base/address.h"
#include "base/time.h"
#include "identity/device_id.h"

#include <cstddef>
#include <vector>

namespace gatehouse {

class datagram_connection;

class open_handshakes {
public:
    // Of one device at one address.
    static constexpr std::size_t most_of_a_device = 2;

    struct entry {
        datagram_connection* who = nullptr;
        time_point since;
        peer_address peer;
        identity::device_id device;
    };

    explicit open_handshakes(std::size_t most) { all_.reserve(most); }

    void add(entry const& one) { all_.push_back(one); }
    void remove(datagram_connection const& who);
    bool empty() const noexcept { return all_.empty(); }

    // Each: nullptr when there is none.
    datagram_connection* any() const noexcept;
    datagram_connection* oldest_before(time_point then) const noexcept;
    datagram_connection* oldest_of(source_prefix const& source, time_point then) const noexcept;
    // The oldest of a device that has as many as it may, where it is: elsewhere it may be anybody.
    datagram_connection* surplus_of(identity::device_id const& device, peer_address const& peer)
        const noexcept;

    std::size_t size() const noexcept { return all_.size(); }
    std::size_t count_of(source_prefix const& source) const noexcept;

private:
    std::vector<entry> all_;
};

}  // namespace gatehouse
