#include "net/open_handshakes.h"

namespace gatehouse {

open_handshakes::open_handshakes(std::size_t most)
{
    nodes_.reserve(most);
    free_.reserve(most);
    sources_.reserve(2 * most);  // a full table would be made anew now and then
}

void open_handshakes::append(ends& to, links node::*by, slot which)
{
    nodes_[which].*by = {to.newest, nobody};
    if (to.newest == nobody)
        to.oldest = which;
    else
        (nodes_[to.newest].*by).newer = which;
    to.newest = which;
}

void open_handshakes::take_out(ends& of, links node::*by, slot which)
{
    auto const beside = nodes_[which].*by;
    if (beside.older == nobody)
        of.oldest = beside.newer;
    else
        (nodes_[beside.older].*by).newer = beside.newer;
    if (beside.newer == nobody)
        of.newest = beside.older;
    else
        (nodes_[beside.newer].*by).older = beside.older;
}

open_handshakes::slot open_handshakes::add(entry const& one)
{
    if (free_.empty()) {
        free_.push_back(static_cast<slot>(nodes_.size()));
        nodes_.emplace_back();
    }
    auto const which = free_.back();
    free_.pop_back();
    nodes_[which].what = one;
    append(all_, &node::among_all, which);
    auto& source = sources_[source_of(one.peer)];
    append(source.order, &node::of_source, which);
    ++source.count;
    ++size_;
    return which;
}

void open_handshakes::remove(slot which)
{
    auto const found = sources_.find(source_of(nodes_[which].what.peer));
    take_out(all_, &node::among_all, which);
    take_out(found->second.order, &node::of_source, which);
    if (--found->second.count == 0)
        sources_.erase(found);
    free_.push_back(which);
    --size_;
}

std::size_t open_handshakes::count_of(source_prefix const& source) const noexcept
{
    auto const found = sources_.find(source);
    return found == sources_.end() ? 0 : found->second.count;
}

datagram_connection* open_handshakes::any() const noexcept
{
    return all_.oldest == nobody ? nullptr : nodes_[all_.oldest].what.who;
}

datagram_connection* open_handshakes::oldest_before(time_point then) const noexcept
{
    if (all_.oldest == nobody || nodes_[all_.oldest].what.since > then)
        return nullptr;
    return nodes_[all_.oldest].what.who;
}

datagram_connection* open_handshakes::oldest_of(source_prefix const& source, time_point then)
    const noexcept
{
    auto const found = sources_.find(source);
    if (found == sources_.end())
        return nullptr;
    auto const& oldest = nodes_[found->second.order.oldest].what;
    return oldest.since > then ? nullptr : oldest.who;
}

datagram_connection* open_handshakes::oldest_of_a_crowd(source_prefix const& source) const noexcept
{
    std::size_t most = count_of(source) + 1;
    datagram_connection* found = nullptr;
    auto at = all_.oldest;
    for (std::size_t i = 0; i < crowd_look && at != nobody; ++i) {
        auto const& crowd = sources_.find(source_of(nodes_[at].what.peer))->second;
        if (crowd.count > most) {
            most = crowd.count;
            found = nodes_[crowd.order.oldest].what.who;
        }
        at = nodes_[at].among_all.newer;
    }
    return found;
}

}  // namespace gatehouse
