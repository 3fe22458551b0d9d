// The handshakes of a datagram port that are not proven yet, oldest first, and those of each
// source: which of them makes way when there is no room.
//
// A working device is done within moments, so only older ones make way, or those of a source that
// crowds the others. One a port; its memory is taken at once, and nothing here is searched.
#pragma once

#include "base/address.h"
#include "base/time.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gatehouse {

class datagram_connection;

class open_handshakes {
public:
    // At one address and port; of one device there, which needs no more at once.
    static constexpr std::size_t most_at_an_address = 16;
    static constexpr std::size_t most_of_a_device = 2;

    // How many of the oldest are looked at for one whose source crowds the others.
    static constexpr std::size_t crowd_look = 16;

    // A place in the list, until it is removed.
    using slot = std::uint32_t;

    struct entry {
        datagram_connection* who = nullptr;
        time_point since;
        peer_address peer;
    };

    explicit open_handshakes(std::size_t most);

    slot add(entry const& one);
    void remove(slot which);

    std::size_t size() const noexcept { return size_; }
    std::size_t count_of(source_prefix const& source) const noexcept;

    // Each: nullptr when there is none.
    datagram_connection* any() const noexcept;
    datagram_connection* oldest_before(time_point then) const noexcept;
    datagram_connection* oldest_of(source_prefix const& source, time_point then) const noexcept;
    // Of the source that has most among those of a few, if it has more than `source` would have.
    datagram_connection* oldest_of_a_crowd(source_prefix const& source) const noexcept;

private:
    static constexpr slot nobody = ~slot{0};

    // In the order of age.
    struct ends {
        slot oldest = nobody;
        slot newest = nobody;
    };
    struct links {
        slot older = nobody;
        slot newer = nobody;
    };
    struct group {
        ends order;
        std::uint32_t count = 0;
    };
    struct node {
        entry what;
        links among_all;
        links of_source;
    };

    void append(ends& to, links node::*by, slot which);
    void take_out(ends& of, links node::*by, slot which);

    std::vector<node> nodes_;
    std::vector<slot> free_;
    ends all_;
    boost::unordered_flat_map<source_prefix, group> sources_;
    std::size_t size_ = 0;
};

}  // namespace gatehouse
