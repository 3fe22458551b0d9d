#include "net/worker.h"

#include "net/clock.h"
#include "net/limits.h"
#include "protocol/usmp/limits.h"
#include "wire/reader.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse {

worker::worker(
    std::uint8_t index, shared_house const& house, std::deque<std::unique_ptr<worker>>& peers
)
    : index_{index}
    , house_{house}
    , peers_{peers}
    , now_{read_clock()}
    , ephemeral_keys_{random_, net_limits::ephemeral_keys}
    , blocks_{net_limits::spare_blocks}
    , hints_{usmp::limits::legacy_hints}
    , read_buffer_(net_limits::read_size + block_size)
    , wheel_{now_}
    , sessions_{index, house.settings.node.id, random_}
    , downlink_{{index, house.settings.workers}, sessions_, directory_, *this}
{
    cells_.listeners.resize(house.settings.listeners.size());
    cells_.backends.resize(house.settings.backends.size());
    for (auto const& keyring : house.keyrings)
        cells_.credential_sessions.emplace_back(keyring->key_ids().size());
    for (std::size_t i = 0; i < house.settings.backends.size(); ++i)
        links_.emplace_back(*this, house.settings.backends[i], i, cells_.backends[i]);
}

worker::~worker() = default;

void worker::add_listener(std::size_t index, tcp_acceptor acceptor)
{
    listeners_.emplace_back(*this, add_runtime(index), std::move(acceptor));
}

void worker::add_listener(std::size_t index, udp_socket socket)
{
    ports_.emplace_back(*this, add_runtime(index), std::move(socket));
}

listener_runtime& worker::add_runtime(std::size_t index)
{
    auto const& config = house_.settings.listeners[index];
    auto const set = house_.credentials_of(config);
    auto const& keyring = *house_.keyrings[set];
    auto const workers = house_.settings.workers;
    return *runtimes_.emplace_back(new listener_runtime{
        .index = index,
        .config = config,
        .keyring = keyring,
        .admitted = *house_.admissions[index],
        .link = links_[house_.backend_of(config)],
        .host =
            {config,
             keyring,
             {crypto_, random_, ephemeral_keys_, sessions_, hints_, blocks_},
             workers},
        .cells = cells_.listeners[index],
        .credential_sessions = cells_.credential_sessions[set],
        .half_open = half_open_queue{(config.limits.half_open + workers - 1) / workers},
        .handshaking = half_open_queue{half_open_queue::unlimited},
    });
}

void worker::run()
{
    tick();
    for (auto& link : links_)
        link.start();
    for (auto& listener : listeners_)
        listener.start();
    for (auto& port : ports_)
        port.start();
    make_keys_while_idle();
    context_.run();
}

void worker::tick()
{
    now_ = read_clock();
}

std::uint64_t worker::random_number()
{
    std::array<std::uint8_t, 8> drawn{};
    random_.fill(drawn);
    return wire::reader{drawn}.little<std::uint64_t>();
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

void worker::announce_opened(identity::device_id const& device, device_directory::place where)
{
    auto const home = home_of(device, peers_.size());
    if (home == index_) {
        directory_.opened(device, where);
        return;
    }
    auto& there = *peers_[home];
    boost::asio::post(there.context_, [&there, device, where] {
        there.directory_.opened(device, where);
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

// The device's home knows its sessions; those that were opened before `place.by` are asked.
void worker::announce_place_taken(identity::device_id const& device, taken_place const& place)
{
    auto& there = *peers_[home_of(device, peers_.size())];
    auto const ask = [&there, device, place] {
        for (auto const older : there.directory_.others(device, place.by))
            there.make_way(place, older);
    };
    if (&there == this)
        ask();
    else
        boost::asio::post(there.context_, ask);
}

void worker::claim_place(identity::device_id const& device, taken_place const& place)
{
    auto& there = *peers_[home_of(device, peers_.size())];
    boost::asio::post(there.context_, [&there, device, place] {
        auto const older = there.directory_.others(device, place.by);
        for (auto const one : older)
            there.make_way(place, one);
        // Behind the last of those in its worker's queue.
        if (older.empty())
            there.tell_place_cleared(place.by);
        else
            boost::asio::post(
                there.peers_[older.back().worker()]->context_,
                [&there, by = place.by] { there.tell_place_cleared(by); }
            );
    });
}

void worker::tell_place_cleared(session_id who)
{
    auto& there = *peers_[who.worker()];
    boost::asio::post(there.context_, [&there, who] {
        there.tick();
        if (auto* live = there.sessions_.find(who))
            live->place_cleared();
    });
}

void worker::make_way(taken_place const& place, session_id older)
{
    auto& there = *peers_[older.worker()];
    boost::asio::post(there.context_, [&there, place, older] {
        there.tick();
        if (auto* live = there.sessions_.find(older))
            live->make_way(place.peer, place.listener);
    });
}

datagram_port* worker::port_of(std::size_t listener)
{
    for (auto& port : ports_)
        if (port.listener().index == listener)
            return &port;
    return nullptr;
}

void worker::send_parcel(
    std::uint8_t to, std::size_t listener, std::unique_ptr<datagram_parcel> parcel
)
{
    auto& there = *peers_[to];
    boost::asio::post(
        there.context_,
        [this, &there, listener, carried = std::move(parcel)]() mutable {
            there.tick();
            if (auto* port = there.port_of(listener))
                port->take_parcel(*carried);
            boost::asio::post(
                context_,
                [this, listener, from = there.index_, empty = std::move(carried)]() mutable {
                    if (auto* port = port_of(listener))
                        port->parcel_is_back(from, std::move(empty));
                }
            );
        }
    );
}

void worker::ask_for_room(std::size_t listener, error why, source_prefix const& source)
{
    for (auto& peer : peers_) {
        if (peer.get() == this)
            continue;
        auto& there = *peer;
        boost::asio::post(there.context_, [&there, listener, why, source] {
            there.tick();
            if (auto* port = there.port_of(listener))
                port->make_room(why, source);
        });
    }
}

void worker::note_address(std::uint8_t home, std::size_t listener, peer_address const& of)
{
    auto& there = *peers_[home];
    boost::asio::post(there.context_, [&there, listener, of, from = index_] {
        if (auto* port = there.port_of(listener))
            port->note_address(of, from);
    });
}

void worker::drop_note(std::uint8_t home, std::size_t listener, peer_address const& of)
{
    auto& there = *peers_[home];
    boost::asio::post(there.context_, [&there, listener, of, from = index_] {
        if (auto* port = there.port_of(listener))
            port->drop_note(of, from);
    });
}

void worker::share_hints()
{
    if (!hints_.has_news())
        return;
    auto const news = hints_.take_news();
    for (auto& peer : peers_) {
        if (peer.get() == this)
            continue;
        auto& there = *peer;
        boost::asio::post(there.context_, [&there, news] {
            for (auto const& hint : news)
                there.hints_.remember(hint);
        });
    }
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

void worker::send(std::uint8_t to, errand&& what)
{
    auto& there = *peers_[to];
    boost::asio::post(there.context_, [&there, carried = std::move(what)]() mutable {
        there.tick();
        there.downlink_.take(std::move(carried));
        there.uncork();
    });
}

void worker::failed(errand&& what, error why)
{
    auto& there = *peers_[what.origin];
    boost::asio::post(there.context_, [&there, carried = std::move(what), why] {
        there.tick();
        identity::device_id::text_buffer text;
        backend::command const command{
            .kind = carried.kind,
            .session = carried.session,
            .device = carried.device.text(text),
            .payload = {},
        };
        there.links_[carried.backend].refuse(command, describe(why));
    });
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

bool worker::drained() const noexcept
{
    if (open_connections_.value() != 0)
        return false;
    return std::all_of(cells_.backends.begin(), cells_.backends.end(), [](auto const& backend) {
        bool const unsent = backend.connected.value() != 0 && backend.unsent_bytes.value() != 0;
        return backend.queued_messages.value() == 0 && !unsent;
    });
}

std::uint64_t worker::messages_waiting() const noexcept
{
    std::uint64_t total = 0;
    for (auto const& backend : cells_.backends)
        total += backend.queued_messages.value();
    return total;
}

void worker::post_drain()
{
    boost::asio::post(context_, [this] {
        draining_ = true;
        for (auto& listener : listeners_)
            listener.stop();
        for (auto& port : ports_)
            port.refuse_hellos();
        if (!ports_.empty())
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
    for (auto& listener : listeners_)
        listener.stop();
    connections_.splice(connections_.end(), leaving_);
    while (!connections_.empty()) {
        auto& connection = connections_.front();
        connections_.pop_front();
        sessions_cut_ += connection.abort() ? 1U : 0U;
    }
    if (!ports_.empty())
        for (auto const id : sessions_.ids())
            if (auto* live = sessions_.find(id))
                live->cut();
    for (auto& port : ports_)
        port.stop();
    for (auto& link : links_)
        link.stop();
    timer_.cancel();
    keep_running_.reset();
}

}  // namespace gatehouse
