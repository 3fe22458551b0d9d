// Connections that expect datagrams which name no session, by their devices' addresses.
//
// One for each endpoint; a chain an address, through the connections themselves.
#pragma once

#include "base/address.h"
#include "net/datagram_connection.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>

namespace gatehouse {

class address_index {
public:
    // Room for `expected` addresses is made at once: hellos must not make memory grow.
    explicit address_index(std::size_t expected) { chains_.reserve(expected); }

    void add(datagram_connection& one);
    void remove(datagram_connection& one);

    datagram_connection* first(peer_address const& at) const
    {
        auto const found = chains_.find(at);
        return found == chains_.end() ? nullptr : found->second;
    }
    static datagram_connection* next(datagram_connection const& one)
    {
        return one.next_at_address_;
    }

private:
    boost::unordered_flat_map<peer_address, datagram_connection*> chains_;
};

}  // namespace gatehouse
