#include "identity/keyed_peers.h"

#include "base/assert.h"

#include <algorithm>
#include <utility>

namespace gatehouse::identity {

device_id anonymous_device()
{
    static auto const only = device_id::from_name("anonymous");
    return only;
}

keyed_peers::keyed_peers(std::vector<gateway_key> gateway_keys, std::vector<listed_peer> peers)
    : gateway_keys_{std::move(gateway_keys)}
{
    GATEHOUSE_ASSERT(gateway_keys_.size() <= most_gateway_keys);
    std::sort(peers.begin(), peers.end(), [](auto const& a, auto const& b) {
        return a.peer.public_key < b.peer.public_key;
    });
    peers_.reserve(peers.size());
    for (auto const& one : peers) {
        GATEHOUSE_ASSERT(peers_.empty() || peers_.back().public_key != one.peer.public_key);
        sources_.add(static_cast<std::uint32_t>(peers_.size()), one.from);
        peers_.push_back(one.peer);
    }
    sources_.finish();
}

gateway_key const* keyed_peers::find_gateway_key(key_index id) const noexcept
{
    auto const found = std::find_if(gateway_keys_.begin(), gateway_keys_.end(), [&](auto const& k) {
        return k.id == id;
    });
    return found != gateway_keys_.end() ? &*found : nullptr;
}

std::optional<device_id> keyed_peers::find(public_key const& key) const noexcept
{
    auto const found = std::lower_bound(
        peers_.begin(),
        peers_.end(),
        key,
        [](auto const& peer, auto const& wanted) { return peer.public_key < wanted; }
    );
    if (found == peers_.end() || found->public_key != key)
        return std::nullopt;
    return found->device;
}

}  // namespace gatehouse::identity
