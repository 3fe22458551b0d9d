// A worker takes over the next snapshot (docs/decisions/0014).
#include "config/address_overlap.h"
#include "net/limits.h"
#include "net/worker.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace gatehouse {

void worker::post_install(
    std::shared_ptr<shared_snapshot const> next, new_sockets opened, install_steps told
)
{
    boost::asio::post(
        context_,
        [this, coming = std::move(next), sockets = std::move(opened), steps = std::move(told)](
        ) mutable {
            tick();
            install(std::move(coming), sockets, std::move(steps.reviewed));
            steps.done();
        }
    );
}

void worker::install(
    std::shared_ptr<shared_snapshot const> next, new_sockets& opened, std::function<void()> reviewed
)
{
    auto const before = std::exchange(snapshot_, std::move(next));
    if (stopped_)
        return;
    install_links();
    install_listeners(opened);
    begin_review(*before, std::move(reviewed));
    schedule(tidying_, now_ + net_limits::between_tidying);
}

void worker::install_links()
{
    for (std::size_t slot = 0; slot < snapshot_->backends.size(); ++slot) {
        if (!snapshot_->backends[slot])
            continue;
        if (slot >= links_.size() || !links_[slot]) {
            add_link(slot).start();
            continue;
        }
        links_[slot]->configure(snapshot_->backends[slot]);
        links_[slot]->expect_messages(largest_message_to(slot));
    }
}

void worker::install_listeners(new_sockets& opened)
{
    for (std::size_t slot = 0; slot < runtimes_.size(); ++slot) {
        if (!runtimes_[slot])
            continue;
        if (snapshot_->listeners[slot].config)
            runtimes_[slot]->install(*snapshot_, index_);
    }
    // The new ones first: what those that go have not taken yet is theirs.
    for (auto& [slot, socket] : opened) {
        if (take_over(slot, socket))
            continue;
        bool const is_udp = socket.sockets().transport() == config::transport::udp;
        add_listener(slot, std::move(socket));
        if (is_udp) {
            tell_successors(slot);
            endpoints_.back()->start();
        } else {
            listeners_.back()->start();
        }
    }
    for (std::size_t slot = 0; slot < runtimes_.size(); ++slot)
        if (runtimes_[slot] && !snapshot_->listeners[slot].config)
            retire_listener(slot);
}

// From a listener that is to go, if it has the socket. Streams go on as they are; sessions over
// datagrams that are told goodbye still send, so only the reading goes over.
bool worker::take_over(std::size_t slot, socket_use const& socket)
{
    for (auto const& listener : listeners_)
        if (listener->socket().is_of(socket)) {
            listener->serve(add_runtime(slot));
            return true;
        }
    for (auto const& endpoint : endpoints_)
        if (endpoint->socket().is_of(socket))
            endpoint->stop_reading();
    return false;
}

// A listener in force whose address covers that of `gone`.
listener_runtime* worker::heir_of(listener_runtime const& gone)
{
    for (auto const& runtime : runtimes_) {
        if (!runtime || runtime->retired || !snapshot_->listeners[runtime->index].config)
            continue;
        bool const covers = runtime->config.transport == gone.config.transport &&
                            config::covers(runtime->config.bind, gone.config.bind);
        if (covers)
            return runtime.get();
    }
    return nullptr;
}

// Ports that go, or have gone before and still have sessions, learn who else hears their devices
// now.
void worker::tell_successors(std::size_t slot)
{
    auto const& next = runtimes_[slot]->config;
    for (auto const& endpoint : endpoints_) {
        auto const& listener = endpoint->listener();
        bool const goes = !snapshot_->listeners[listener.index].config;
        if (!goes || !config::overlap(next.bind, listener.config.bind))
            continue;
        bool const whole = config::covers(next.bind, listener.config.bind);
        endpoint->add_successor(
            slot,
            whole ? datagram_endpoint::inheritance::whole : datagram_endpoint::inheritance::part
        );
    }
}

// No more devices; those that are there are told goodbye.
void worker::retire_listener(std::size_t slot)
{
    auto* const runtime = runtimes_[slot].get();
    if (std::exchange(runtime->retired, true))
        return;
    auto* const heir = heir_of(*runtime);
    for (auto const& listener : listeners_)
        if (&listener->runtime() == runtime && !listener->stopping()) {
            if (heir != nullptr)
                listener->stop_for(*heir);
            else
                listener->stop();
        }
    for (auto const& endpoint : endpoints_)
        if (&endpoint->listener() == runtime)
            endpoint->refuse_hellos();
    for (auto at = connections_.begin(); at != connections_.end();) {
        auto& connection = *at++;
        if (connection.is_unproven_at(*runtime))
            connection.end(end_reason::admin);
    }
    queue_review(snapshot_change{.keyrings_before = {}, .listeners_changed = true});
}

void worker::post_clock_step()
{
    boost::asio::post(context_, [this] {
        if (!stopped_)
            queue_review(std::nullopt);
    });
}

void worker::begin_review(shared_snapshot const& before, std::function<void()> done)
{
    snapshot_change made;
    bool changed = false;
    for (std::size_t slot = 0; slot < before.credentials.size(); ++slot) {
        made.keyrings_before.push_back(before.credentials[slot].keyring);
        changed = changed || made.keyrings_before.back() != snapshot_->credentials[slot].keyring;
    }
    for (std::size_t slot = 0; slot < before.listeners.size(); ++slot)
        if (before.listeners[slot].config != snapshot_->listeners[slot].config)
            made.listeners_changed = true;
    if (changed || made.listeners_changed)
        queue_review(std::move(made), std::move(done));
    else
        done();
}

// Of all sessions that there are now.
void worker::queue_review(std::optional<snapshot_change> why, std::function<void()> done)
{
    reviews_.push_back({std::move(why), sessions_.ids(), std::move(done)});
    if (reviews_.size() == 1)
        review_some();
}

// In slices, so that a hundred thousand sessions do not hold up the messages of any.
void worker::review_some()
{
    tick();
    auto& [change, left, done] = reviews_.front();
    for (std::size_t looked_at = 0; looked_at < net_limits::reviewed_a_turn && !left.empty();)
        looked_at += review_few(change, left);
    if (left.empty()) {
        if (done)
            done();
        reviews_.pop_front();
    }
    if (!reviews_.empty() && !stopped_)
        boost::asio::post(context_, [this] { review_some(); });
}

// Sessions lie far apart: those of the next few are fetched from memory while one is looked at. One
// may end others, so each is looked up again.
std::size_t worker::review_few(
    std::optional<snapshot_change> const& change, std::vector<session_id>& left
)
{
    static constexpr std::size_t few = 16;
    auto const count = std::min(left.size(), few);
    for (std::size_t i = 0; i < count; ++i)
        __builtin_prefetch(sessions_.find(left[left.size() - 1 - i]));
    for (std::size_t i = 0; i < count; ++i) {
        auto* live = sessions_.find(left.back());
        left.pop_back();
        if (live == nullptr)
            continue;
        if (change)
            live->review(*change);
        else
            live->clock_stepped();
    }
    return count;
}

time_point worker::tidying::on_due(time_point now)
{
    return owner_.tidy_up() ? now + net_limits::between_tidying : never;
}

// Lets go of what a reload removed and nobody uses any more. True while there is such a thing.
bool worker::tidy_up()
{
    bool left = false;
    auto const unused = [](listener_runtime const& runtime) {
        return runtime.retired && runtime.references == 0;
    };
    std::erase_if(listeners_, [](auto const& listener) { return listener->ended(); });
    for (auto const& endpoint : endpoints_)
        if (unused(endpoint->listener()))
            endpoint->stop();  // which may look for others
    std::erase_if(endpoints_, [](auto const& endpoint) { return endpoint->ended(); });
    auto const referred = [&](listener_runtime const& runtime) {
        auto const by_listener = [&](auto const& one) { return &one->runtime() == &runtime; };
        auto const by_endpoint = [&](auto const& one) { return &one->listener() == &runtime; };
        return std::any_of(listeners_.begin(), listeners_.end(), by_listener) ||
               std::any_of(endpoints_.begin(), endpoints_.end(), by_endpoint);
    };
    for (auto& runtime : runtimes_) {
        if (!runtime || !runtime->retired)
            continue;
        if (unused(*runtime) && !referred(*runtime)) {
            out_.clear();  // may hold memory of it
            runtime.reset();
        } else {
            left = true;
        }
    }
    for (std::size_t slot = 0; slot < links_.size(); ++slot) {
        auto& link = links_[slot];
        if (!link || snapshot_->backends[slot])
            continue;
        bool const used = std::any_of(runtimes_.begin(), runtimes_.end(), [&](auto const& runtime) {
            return runtime && &runtime->link == link.get();
        });
        if (link->stopped())
            link.reset();
        else if (!used && link->delivered())
            link->stop();
        left = left || link;
    }
    return left;
}

}  // namespace gatehouse
