#include "gateway/unproven_order.h"

namespace gatehouse {

template <class Group>
void unproven_order::pool<Group>::reserve(std::size_t count)
{
    free.reserve(count);
    while (all.size() < count)
        free.push_back(&all.emplace_back());
}

template <class Group>
Group& unproven_order::pool<Group>::take()
{
    if (free.empty())
        free.push_back(&all.emplace_back());
    auto& taken = *free.back();
    free.pop_back();
    return taken;
}

unproven_order::unproven_order(std::size_t expected)
{
    nodes_.reserve(expected);
    free_.reserve(expected);
    address_pool_.reserve(expected);
    network_pool_.reserve(expected);
    addresses_.reserve(2 * expected);  // a full table would be made anew now and then
    networks_.reserve(2 * expected);
}

// The sets let go of what the pools own.
unproven_order::~unproven_order()
{
    for (auto& one : by_size_)
        one.members.clear();
    by_size_.clear();
}

void unproven_order::append(ends& to, links node::*by, slot which)
{
    nodes_[which].*by = {to.newest, nobody};
    if (to.newest == nobody)
        to.oldest = which;
    else
        (nodes_[to.newest].*by).newer = which;
    to.newest = which;
}

void unproven_order::take_out(ends& of, links node::*by, slot which)
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

// In the set while it counts anybody.
template <class Set, class Group>
void unproven_order::count_by(Set& in, Group& of, std::int32_t change)
{
    if (of.count > 0)
        in.erase(in.iterator_to(of));
    of.count = static_cast<std::uint32_t>(static_cast<std::int32_t>(of.count) + change);
    if (of.count > 0)
        in.insert(of);
}

unproven_order::network& unproven_order::network_at(peer_address const& peer)
{
    auto const name = network_of(peer);
    auto const [at, is_new] = networks_.try_emplace(name, nullptr);
    if (is_new) {
        at->second = &network_pool_.take();
        at->second->name = name;
    }
    return *at->second;
}

unproven_order::address& unproven_order::address_of(peer_address const& peer)
{
    auto const name = source_of(peer);
    auto const [at, is_new] = addresses_.try_emplace(name, nullptr);
    if (is_new) {
        at->second = &address_pool_.take();
        at->second->name = name;
        at->second->in = &network_at(peer);
    }
    return *at->second;
}

unproven_order::network const* unproven_order::find_network(peer_address const& peer) const noexcept
{
    auto const found = networks_.find(network_of(peer));
    return found == networks_.end() ? nullptr : found->second;
}

unproven_order::slot unproven_order::add(time_point since, peer_address const& peer)
{
    if (free_.empty()) {
        free_.push_back(static_cast<slot>(nodes_.size()));
        nodes_.emplace_back();
    }
    auto const which = free_.back();
    free_.pop_back();
    auto& from = address_of(peer);
    nodes_[which] = {since, &from, {}, {}, {}};
    append(all_, &node::among_all, which);
    append(from.order, &node::of_address, which);
    append(from.in->order, &node::of_network, which);
    count_by(from.in->members, from, 1);
    count_by(by_size_, *from.in, 1);
    ++size_;
    return which;
}

void unproven_order::remove(slot which)
{
    auto& from = *nodes_[which].from;
    auto& in = *from.in;
    take_out(all_, &node::among_all, which);
    take_out(from.order, &node::of_address, which);
    take_out(in.order, &node::of_network, which);
    count_by(in.members, from, -1);
    count_by(by_size_, in, -1);
    if (from.count == 0) {
        addresses_.erase(from.name);
        address_pool_.free.push_back(&from);
    }
    if (in.count == 0) {
        networks_.erase(in.name);
        network_pool_.free.push_back(&in);
    }
    free_.push_back(which);
    --size_;
}

std::size_t unproven_order::count_of(source_prefix const& source) const noexcept
{
    auto const found = addresses_.find(source);
    return found == addresses_.end() ? 0 : found->second->count;
}

std::size_t unproven_order::count_beside(slot which) const noexcept
{
    return nodes_[which].from->count;
}

std::optional<unproven_order::slot> unproven_order::oldest() const noexcept
{
    return oldest_before(never);
}

std::optional<unproven_order::slot> unproven_order::oldest_before(time_point then) const noexcept
{
    if (all_.oldest == nobody || nodes_[all_.oldest].since > then)
        return std::nullopt;
    return all_.oldest;
}

std::optional<unproven_order::slot> unproven_order::oldest_of(
    source_prefix const& source, time_point then
) const noexcept
{
    auto const found = addresses_.find(source);
    if (found == addresses_.end() || nodes_[found->second->order.oldest].since > then)
        return std::nullopt;
    return found->second->order.oldest;
}

std::optional<unproven_order::slot> unproven_order::oldest_of_network(
    peer_address const& of, time_point then
) const noexcept
{
    auto const* const found = find_network(of);
    if (found == nullptr || nodes_[found->order.oldest].since > then)
        return std::nullopt;
    return found->order.oldest;
}

std::size_t unproven_order::count_in_network(peer_address const& of) const noexcept
{
    auto const* const found = find_network(of);
    return found == nullptr ? 0 : found->count;
}

std::size_t unproven_order::count_in_network_of(slot which) const noexcept
{
    return nodes_[which].from->in->count;
}

std::optional<unproven_order::slot> unproven_order::oldest_of_a_crowd(peer_address const& newcomer
) const noexcept
{
    if (by_size_.empty())
        return std::nullopt;
    auto const* const own = find_network(newcomer);
    auto const& largest = *by_size_.rbegin();
    if (largest.count > (own == nullptr ? 0 : own->count) + 1)
        return largest.members.rbegin()->order.oldest;
    if (own == nullptr)
        return std::nullopt;
    auto const& crowd = *own->members.rbegin();
    if (crowd.count <= count_of(source_of(newcomer)) + 1)
        return std::nullopt;
    return crowd.order.oldest;
}

std::optional<unproven_order::slot> unproven_order::yields_to(peer_address const& newcomer
) const noexcept
{
    if (auto const crowd = oldest_of_a_crowd(newcomer))
        return crowd;
    if (auto const own = oldest_of(source_of(newcomer), never))
        return own;
    if (auto const beside = oldest_of_network(newcomer, never))
        return beside;
    return oldest();
}

}  // namespace gatehouse
