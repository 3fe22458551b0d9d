// Datagrams that are for another worker, and how ports know which.
#include "gateway/address_home.h"
#include "net/datagram_endpoint.h"
#include "net/worker.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

using metrics::datagram_drop;

void datagram_endpoint::learn_address(peer_address const& of)
{
    auto const home = home_of(of, owner_.worker_count());
    if (home != owner_.index())
        owner_.note_address(home, listener_.index, of);
}

void datagram_endpoint::forget_address(peer_address const& of)
{
    auto const home = home_of(of, owner_.worker_count());
    if (home != owner_.index())
        owner_.drop_note(home, listener_.index, of);
}

void datagram_endpoint::note_address(peer_address const& of, std::uint8_t worker)
{
    auto& known = notes_[of];
    auto const same =
        std::find_if(known.begin(), known.end(), [&](note const& n) { return n.worker == worker; });
    if (same == known.end())
        known.push_back({worker, 1});
    else
        ++same->sessions;
}

void datagram_endpoint::drop_note(peer_address const& of, std::uint8_t worker)
{
    auto const found = notes_.find(of);
    if (found == notes_.end())
        return;
    auto& known = found->second;
    auto const same =
        std::find_if(known.begin(), known.end(), [&](note const& n) { return n.worker == worker; });
    if (same == known.end() || --same->sessions > 0)
        return;
    known.erase(same);
    if (known.empty())
        notes_.erase(found);
}

// A full batch goes at once; with too many on their way the datagram is lost, as on any path that
// is too narrow.
void datagram_endpoint::hand_over(arrived_datagram const& arrived, std::uint8_t to)
{
    if (to >= outgoing_.size()) {
        count_drop(datagram_drop::unknown_session);
        return;
    }
    auto& way = outgoing_[to];
    if (!way.filling) {
        if (way.under_way >= net_limits::batches_under_way) {
            count_drop(datagram_drop::handover);
            return;
        }
        if (way.spare.empty())
            way.spare.push_back(std::make_unique<handover_batch>());
        way.filling = std::move(way.spare.back());
        way.spare.pop_back();
    }
    auto onward = arrived;
    ++onward.hops;
    way.filling->add(onward);
    if (way.filling->size() >= net_limits::datagrams_a_batch)
        dispatch(to);
}

void datagram_endpoint::dispatch(std::uint8_t to)
{
    auto& way = outgoing_[to];
    if (!way.filling)
        return;
    ++way.under_way;
    owner_.send_batch(to, listener_.index, std::move(way.filling));
}

void datagram_endpoint::take_batch(handover_batch& batch)
{
    auto& who = taker();
    std::size_t taken = 0;
    for (; taken < batch.size() && !who.closed_; ++taken) {
        auto arrived = batch.at(taken);
        arrived.listener = who.listener_.index;
        who.take(arrived);
    }
    count_drops(datagram_drop::handover, batch.size() - taken);
    who.end_turn();
    batch.clear();
}

void datagram_endpoint::batch_is_back(std::uint8_t from, std::unique_ptr<handover_batch> batch)
{
    auto& way = outgoing_[from];
    --way.under_way;
    count_drops(datagram_drop::handover, batch->size());  // it came to an endpoint that is gone
    batch->clear();
    way.spare.push_back(std::move(batch));
}

// Devices may have come to this address with sessions of other workers.
bool datagram_endpoint::follow_notes(arrived_datagram const& arrived)
{
    constexpr std::uint8_t most_hops = 2;
    auto const found = notes_.find(arrived.from);
    if (found == notes_.end() || arrived.hops >= most_hops)
        return false;
    for (auto const& each : found->second)
        hand_over(arrived, each.worker);
    return true;
}

}  // namespace gatehouse
