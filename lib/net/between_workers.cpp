// What travels from one worker to another: values, posted to the one that they are for
// (docs/architecture.md, "Threads").
#include "net/worker.h"

#include <boost/asio/post.hpp>

#include <utility>

namespace gatehouse {

void worker::announce_opened(device_sighting const& shown, std::size_t backend, std::uint32_t most)
{
    auto const home = home_of(shown.device, peers_.size());
    if (home == index_) {
        note_opened(shown, backend, most);
        return;
    }
    auto& there = *peers_[home];
    boost::asio::post(there.context_, [&there, shown, backend, most] {
        there.note_opened(shown, backend, most);
    });
}

// Which session is the newest is decided here, at the device's home, and nowhere else.
void worker::note_opened(device_sighting const& shown, std::size_t backend, std::uint32_t most)
{
    directory_.opened(shown, backend);
    if (most == 0)
        return;
    for (auto const old : directory_.surplus(shown.device, shown.listener, most))
        end_replaced(old, shown.listener);
}

// Posted even to this worker: whoever announces is in the middle of something.
void worker::end_replaced(session_id old, std::size_t listener)
{
    auto& there = *peers_[old.worker()];
    boost::asio::post(there.context_, [&there, old, listener] {
        there.tick();
        device_claim claim;
        claim.listener = listener;
        if (auto* live = there.sessions_.find(old))
            live->yield_to(claim);
    });
}

void worker::announce_closed(identity::device_id const& device, session_id session)
{
    auto const home = home_of(device, peers_.size());
    if (home == index_) {
        directory_.closed(device, session);
        return;
    }
    auto& there = *peers_[home];
    boost::asio::post(there.context_, [&there, device, session] {
        there.directory_.closed(device, session);
    });
}

// The device's home knows its other sessions.
void worker::claim_slot(identity::device_id const& device, device_claim claim, std::uint32_t most)
{
    auto& there = *peers_[home_of(device, peers_.size())];
    boost::asio::post(there.context_, [&there, device, most, claimed = std::move(claim)]() mutable {
        auto const& known = there.directory_;
        auto older = claimed.whom == device_claim::reach::address
                         ? known.others(device, claimed.by)
                         : known.in_the_way(device, claimed.listener, most);
        there.clear_slots(std::move(claimed), std::move(older));
    });
}

// From one worker to the next, so that the last to be asked knows that all were.
void worker::clear_slots(device_claim claim, std::vector<session_id> older)
{
    auto& there = *peers_[older.empty() ? claim.by.worker() : older.back().worker()];
    boost::asio::post(
        there.context_,
        [&there, moved = std::move(claim), rest = std::move(older)]() mutable {
            there.tick();
            if (rest.empty()) {
                there.conclude(moved);
                return;
            }
            if (auto* live = there.sessions_.find(rest.back()))
                live->yield_to(moved);
            rest.pop_back();
            there.clear_slots(std::move(moved), std::move(rest));
        }
    );
}

// A place that its session does not take any more goes back to the ledger.
void worker::conclude(device_claim const& claim)
{
    auto* live = sessions_.find(claim.by);
    bool const taken = live != nullptr && live->slot_cleared(claim);
    uncork();
    if (taken || !claim.freed)
        return;
    if (auto const& admitted = snapshot_->listeners[claim.listener].admitted)
        admitted->end_session(*claim.freed);
}

datagram_endpoint* worker::endpoint_of(std::size_t listener)
{
    for (auto const& endpoint : endpoints_)
        if (endpoint->listener().index == listener)
            return endpoint.get();
    return nullptr;
}

void worker::send_batch(
    std::uint8_t to, std::size_t listener, std::unique_ptr<handover_batch> batch
)
{
    auto& there = *peers_[to];
    boost::asio::post(there.context_, [this, &there, listener, moved = std::move(batch)]() mutable {
        there.tick();
        if (auto* endpoint = there.endpoint_of(listener))
            endpoint->take_batch(*moved);
        boost::asio::post(
            context_,
            [this, listener, from = there.index_, empty = std::move(moved)]() mutable {
                if (auto* endpoint = endpoint_of(listener))
                    endpoint->batch_is_back(from, std::move(empty));
            }
        );
    });
}

void worker::ask_for_capacity(std::size_t listener, error why, peer_address const& for_whom)
{
    for (auto& peer : peers_) {
        if (peer.get() == this)
            continue;
        auto& there = *peer;
        boost::asio::post(there.context_, [&there, listener, why, for_whom] {
            there.tick();
            if (auto* endpoint = there.endpoint_of(listener))
                endpoint->free_capacity(why, for_whom);
        });
    }
}

void worker::note_address(std::uint8_t home, std::size_t listener, peer_address const& of)
{
    auto& there = *peers_[home];
    boost::asio::post(there.context_, [&there, listener, of, from = index_] {
        if (auto* endpoint = there.endpoint_of(listener))
            endpoint->note_address(of, from);
    });
}

void worker::drop_note(std::uint8_t home, std::size_t listener, peer_address const& of)
{
    auto& there = *peers_[home];
    boost::asio::post(there.context_, [&there, listener, of, from = index_] {
        if (auto* endpoint = there.endpoint_of(listener))
            endpoint->drop_note(of, from);
    });
}

void worker::forward(std::uint8_t to, forwarded_command&& what)
{
    outgoing_[to].push_back(std::move(what));
}

void worker::send_back(forwarded_command&& what)
{
    outgoing_[what.origin].push_back(std::move(what));
}

// One value for all that goes to a worker from this wake-up.
void worker::dispatch_commands()
{
    for (std::size_t to = 0; to < outgoing_.size(); ++to) {
        if (outgoing_[to].empty())
            continue;
        auto& there = *peers_[to];
        boost::asio::post(
            there.context_,
            [&there, batch = std::exchange(outgoing_[to], {})]() mutable {
                there.take_commands(std::move(batch));
            }
        );
    }
}

void worker::take_commands(std::vector<forwarded_command>&& batch)
{
    tick();
    for (auto& one : batch) {
        if (one.settled)
            settle(std::move(one));
        else
            commands_.add(std::move(one));
    }
    execute_some_soon();
}

void worker::settle(forwarded_command&& what)
{
    if (auto* link = links_[what.backend].get())
        link->forwarded_is_back(what);
    downlink_.recycle(std::move(what));
}

void worker::execute_some_soon()
{
    if (commands_.empty() || executing_posted_)
        return;
    executing_posted_ = true;
    boost::asio::post(context_, [this] {
        executing_posted_ = false;
        execute_some();
    });
}

void worker::execute_some()
{
    tick();
    commands_.take_turn([this](forwarded_command&& what) { downlink_.take(std::move(what)); });
    uncork();
    dispatch_commands();
    execute_some_soon();
}

}  // namespace gatehouse
