#include "net/worker.h"

#include "net/clock.h"
#include "net/limits.h"
#include "net/protocol_module.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace gatehouse {

worker::worker(
    std::uint8_t index,
    std::shared_ptr<shared_snapshot const> snapshot,
    std::deque<std::unique_ptr<worker>>& peers
)
    : index_{index}
    , snapshot_{std::move(snapshot)}
    , peers_{peers}
    , now_{read_clock()}
    , ephemeral_keys_{random_, net_limits::ephemeral_keys}
    , read_buffer_(net_limits::read_size + block_size)
    , wheel_{now_}
    , agreements_{random_number()}
    , lines_{random_number()}
    , sessions_{index, snapshot_->settings.node.id, random_}
    , downlink_{{index, snapshot_->cells.size()}, sessions_, directory_, *this}
    , outgoing_(snapshot_->cells.size())
{
    for (std::size_t i = 0; i < snapshot_->backends.size(); ++i)
        add_link(i);
}

// What is put out may hold memory of a listener, which goes before it.
worker::~worker()
{
    out_.clear();
    cork_.clear();
}

backend_link& worker::add_link(std::size_t slot)
{
    links_.resize(std::max(links_.size(), slot + 1));
    links_[slot] = std::make_unique<backend_link>(
        *this, snapshot_->backends[slot], slot, snapshot_->cells[index_].backends.share(slot)
    );
    links_[slot]->expect_messages(largest_message_to(slot));
    return *links_[slot];
}

// That any session of the backend can take.
std::size_t worker::largest_message_to(std::size_t backend) const
{
    std::size_t most = 0;
    for (auto const& listener : snapshot_->listeners)
        if (listener.config && listener.backend == backend)
            most = std::max(most, module_of(*listener.config).largest_message(*listener.config));
    return most;
}

void worker::add_listener(std::size_t slot, socket_use socket)
{
    auto& runtime = add_runtime(slot);
    if (socket.sockets().transport() == config::transport::udp)
        endpoints_.push_back(std::make_unique<datagram_endpoint>(*this, runtime, std::move(socket))
        );
    else
        listeners_.push_back(std::make_unique<stream_listener>(*this, runtime, std::move(socket)));
}

listener_runtime& worker::add_runtime(std::size_t slot)
{
    auto const& mine = snapshot_->listeners[slot];
    runtimes_.resize(std::max(runtimes_.size(), slot + 1));
    runtimes_[slot] = std::make_unique<listener_runtime>(
        *snapshot_,
        slot,
        listener_runtime::environment{
            *links_[mine.backend],
            {crypto_,
             random_,
             ephemeral_keys_,
             sessions_,
             snapshot_->proofs->all(),
             *this,
             mine.credentials,
             state_of(module_of(*mine.config))},
            index_,
        }
    );
    return *runtimes_[slot];
}

// What the protocol's listeners share here; null when that is nothing.
worker_state* worker::state_of(protocol_module const& protocol)
{
    for (auto const& [known, state] : protocols_)
        if (known == &protocol)
            return state.get();
    auto made = protocol.make_worker_state({crypto_, random_});
    return protocols_.emplace_back(&protocol, std::move(made)).second.get();
}

void worker::run()
{
    tick();
    for (auto const& link : links_)
        if (link)
            link->start();
    for (auto const& listener : listeners_)
        listener->start();
    for (auto const& endpoint : endpoints_)
        endpoint->start();
    make_keys_while_idle();
    context_.run();
}

void worker::tick()
{
    now_ = read_clock();
}

std::uint64_t worker::random_number()
{
    return crypto::draw_number(random_);
}

void worker::schedule(timed& item, time_point deadline)
{
    wheel_.schedule(item, deadline);
    if (deadline < armed_for_)
        arm_timer();
}

void worker::arm_timer()
{
    armed_for_ = wheel_.next_due();
    if (armed_for_ == never || stopped_)
        return;
    timer_.expires_at(armed_for_);
    timer_.async_wait([this](boost::system::error_code failure) {
        if (!failure)
            on_timer();
    });
}

void worker::on_timer()
{
    tick();
    wheel_.advance(now_);
    arm_timer();
}

output& worker::cork(stream_connection& connection)
{
    if (corked_ != &connection || cork_.wire.all().size() >= net_limits::cork_size)
        uncork();
    corked_ = &connection;
    return cork_;
}

void worker::uncork()
{
    auto* connection = std::exchange(corked_, nullptr);
    if (connection != nullptr && !cork_.wire.empty())
        connection->send_wire(cork_.wire.all());
    cork_.clear();
}

void worker::uncork_if(stream_connection const& connection)
{
    if (corked_ == &connection)
        uncork();
}

void worker::adopt(listener_runtime& listener, tcp_socket socket, peer_address const& peer)
{
    auto* connection = new stream_connection{*this, listener, std::move(socket), peer};
    connections_.push_back(*connection);
    connection_opened();
    connection->start();
}

void worker::destroy(stream_connection& connection)
{
    delete &connection;
    connection_closed();
}

// Ephemeral keys are made one at a time between other work, so that a burst of handshakes finds
// them ready and no handshake waits behind a batch of them.
void worker::make_keys_while_idle()
{
    if (making_keys_ || draining_ || ephemeral_keys_.full())
        return;
    making_keys_ = true;
    boost::asio::post(context_, [this] {
        making_keys_ = false;
        ephemeral_keys_.make_one();
        make_keys_while_idle();
    });
}

void worker::post(std::function<void()> work)
{
    boost::asio::post(context_, [this, todo = std::move(work)] {
        tick();
        todo();
    });
}

void worker::post_drain()
{
    boost::asio::post(context_, [this] {
        draining_ = true;
        for (auto const& listener : listeners_)
            listener->stop();
        for (auto const& endpoint : endpoints_)
            endpoint->refuse_hellos();
        if (!endpoints_.empty())
            to_drain_ = sessions_.ids();
        drain_some();
    });
}

// In slices, so that a hundred thousand goodbyes do not hold up the devices' last messages.
void worker::drain_some()
{
    tick();
    for (std::size_t i = 0; i < net_limits::drained_a_turn && !connections_.empty(); ++i) {
        auto& connection = connections_.front();
        connections_.pop_front();
        leaving_.push_back(connection);
        connection.end(end_reason::shutdown);
    }
    uncork();
    for (std::size_t i = 0; i < net_limits::drained_a_turn && !to_drain_.empty(); ++i) {
        auto* live = sessions_.find(to_drain_.back());
        to_drain_.pop_back();
        if (live != nullptr)
            live->end(end_reason::shutdown);
    }
    if (!connections_.empty() || !to_drain_.empty())
        boost::asio::post(context_, [this] { drain_some(); });
}

void worker::post_stop()
{
    boost::asio::post(context_, [this] { stop(); });
}

void worker::stop()
{
    tick();
    stopped_ = true;
    draining_ = true;
    for (auto const& listener : listeners_)
        listener->stop();
    connections_.splice(connections_.end(), leaving_);
    while (!connections_.empty()) {
        auto& connection = connections_.front();
        connections_.pop_front();
        sessions_cut_ += connection.abort() ? 1U : 0U;
    }
    if (!endpoints_.empty())
        for (auto const id : sessions_.ids())
            if (auto* live = sessions_.find(id))
                live->cut();
    for (auto const& endpoint : endpoints_)
        endpoint->stop();
    for (auto const& link : links_)
        if (link)
            link->stop();
    timer_.cancel();
    keep_running_.reset();
}

}  // namespace gatehouse
