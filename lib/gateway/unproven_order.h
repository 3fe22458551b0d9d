// Those that have proven nothing yet, oldest first, and by where they come from: which of them
// makes way when there is no room for another.
//
// It falls on who crowds the others: of the network (IPv4 /24, IPv6 /56) that has most, the address
// (/32, /64) that has most. A slot stands for one of them until it is removed; whose it is the
// owner of the list knows. Nothing is searched.
#pragma once

#include "base/address.h"
#include "base/time.h"

#include <boost/intrusive/set.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace gatehouse {

class unproven_order {
public:
    using slot = std::uint32_t;

    // Memory for so many is taken at once; more take more.
    explicit unproven_order(std::size_t expected);
    ~unproven_order();
    unproven_order(unproven_order const&) = delete;
    unproven_order& operator=(unproven_order const&) = delete;

    slot add(time_point since, peer_address const& peer);
    void remove(slot which);

    std::size_t size() const noexcept { return size_; }
    std::size_t count_of(source_prefix const& source) const noexcept;
    // Of the address that `which` comes from.
    std::size_t count_beside(slot which) const noexcept;

    // Each: nothing when there is none.
    std::optional<slot> oldest() const noexcept;
    std::optional<slot> oldest_before(time_point then) const noexcept;
    std::optional<slot> oldest_of(source_prefix const& source, time_point then) const noexcept;

    std::optional<slot> oldest_of_network(peer_address const& of, time_point then) const noexcept;
    // In the network of `of`; in that which `which` comes from.
    std::size_t count_in_network(peer_address const& of) const noexcept;
    std::size_t count_in_network_of(slot which) const noexcept;

    // Of who has more than `newcomer` would have: of the largest network if that has, else of the
    // newcomer's own the largest address.
    std::optional<slot> oldest_of_a_crowd(peer_address const& newcomer) const noexcept;

    // When one must go in any case: of a crowd, else of the newcomer's own address, else
    // of its own network, else of all the oldest.
    std::optional<slot> yields_to(peer_address const& newcomer) const noexcept;

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

    // In the order of numbers.
    struct counted : boost::intrusive::set_base_hook<boost::intrusive::optimize_size<true>> {
        std::uint32_t count = 0;
        friend bool operator<(counted const& a, counted const& b) { return a.count < b.count; }
    };
    struct network;
    struct address : counted {
        source_prefix name{};
        network* in = nullptr;
        ends order;
    };
    using addresses = boost::intrusive::multiset<address>;
    struct network : counted {
        source_prefix name{};
        addresses members;
        ends order;
    };
    using networks = boost::intrusive::multiset<network>;

    struct node {
        time_point since;
        address* from = nullptr;
        links among_all;
        links of_address;
        links of_network;
    };

    template <class Group>
    struct pool {
        std::deque<Group> all;  // stays where it is
        std::vector<Group*> free;

        void reserve(std::size_t count);
        Group& take();
    };

    address& address_of(peer_address const& peer);
    network& network_at(peer_address const& peer);
    network const* find_network(peer_address const& peer) const noexcept;
    template <class Set, class Group>
    static void count_by(Set& in, Group& of, std::int32_t change);
    void append(ends& to, links node::*by, slot which);
    void take_out(ends& of, links node::*by, slot which);

    std::vector<node> nodes_;
    std::vector<slot> free_;
    ends all_;
    pool<address> address_pool_;
    pool<network> network_pool_;
    boost::unordered_flat_map<source_prefix, address*> addresses_;
    boost::unordered_flat_map<source_prefix, network*> networks_;
    networks by_size_;
    std::size_t size_ = 0;
};

}  // namespace gatehouse
