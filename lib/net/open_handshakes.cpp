#include "net/open_handshakes.h"

#include <algorithm>

namespace gatehouse {

void open_handshakes::remove(datagram_connection const& who)
{
    auto const found =
        std::find_if(all_.begin(), all_.end(), [&](entry const& one) { return one.who == &who; });
    if (found != all_.end())
        all_.erase(found);
}

datagram_connection* open_handshakes::any() const noexcept
{
    return all_.empty() ? nullptr : all_.front().who;
}

datagram_connection* open_handshakes::oldest_before(time_point then) const noexcept
{
    bool const old_enough = !all_.empty() && all_.front().since <= then;
    return old_enough ? all_.front().who : nullptr;
}

datagram_connection* open_handshakes::oldest_of(source_prefix const& source, time_point then)
    const noexcept
{
    auto const found = std::find_if(all_.begin(), all_.end(), [&](entry const& one) {
        return source_of(one.peer) == source;
    });
    return found != all_.end() && found->since <= then ? found->who : nullptr;
}

std::size_t open_handshakes::count_of(source_prefix const& source) const noexcept
{
    return static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), [&](entry const& one) {
        return source_of(one.peer) == source;
    }));
}

datagram_connection* open_handshakes::surplus_of(
    identity::device_id const& device, peer_address const& peer
) const noexcept
{
    datagram_connection* oldest = nullptr;
    std::size_t count = 0;
    for (auto const& one : all_) {
        if (one.device != device || one.peer != peer)
            continue;
        oldest = count == 0 ? one.who : oldest;
        ++count;
    }
    return count >= most_of_a_device ? oldest : nullptr;
}

}  // namespace gatehouse
