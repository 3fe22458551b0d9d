// Descriptors run out: connections that have proven nothing make way.
#include "net/worker.h"

#include <boost/asio/post.hpp>

namespace gatehouse {

namespace {

using queue = unproven_queue<stream_connection>;

// Of all listeners, where most wait.
template <class Pick>
queue const* longest(std::vector<std::unique_ptr<listener_runtime>> const& runtimes, Pick pick)
{
    queue const* found = nullptr;
    for (auto const& runtime : runtimes) {
        if (!runtime)
            continue;
        queue const& one = pick(*runtime);
        if (one.size() > (found == nullptr ? 0 : found->size()))
            found = &one;
    }
    return found;
}

}  // namespace

bool worker::free_descriptor(peer_address const& for_whom)
{
    auto const* from = longest(
        runtimes_, [](auto const& r) -> auto& { return r.half_open; }
    );
    if (from == nullptr)
        from = longest(
            runtimes_, [](auto const& r) -> auto& { return r.handshaking; }
        );
    if (from == nullptr)
        return false;
    from->owner_of(*from->order().yields_to(for_whom)).evict(error::resource_descriptors);
    return true;
}

void worker::ask_for_descriptors(peer_address const& for_whom)
{
    for (auto& peer : peers_) {
        if (peer.get() == this)
            continue;
        auto& there = *peer;
        boost::asio::post(there.context_, [&there, for_whom] {
            there.tick();
            there.free_descriptor(for_whom);
        });
    }
}

}  // namespace gatehouse
