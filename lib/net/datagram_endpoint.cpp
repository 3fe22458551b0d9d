#include "net/datagram_endpoint.h"

#include "gateway/address_home.h"
#include "net/log.h"
#include "net/worker.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace gatehouse {

using metrics::cell_of;
using metrics::datagram_drop;

namespace {

// For which there must be memory: requests have none.
std::size_t handshakes_of(listener_runtime& listener)
{
    bool const has_any = listener.host->datagrams().serves() == datagram_door::style::sessions;
    return has_any ? listener.config.limits.handshakes : 0;
}

}  // namespace

datagram_endpoint::datagram_endpoint(worker& owner, listener_runtime& listener, socket_use socket)
    : owner_{owner}
    , listener_{listener}
    , door_{listener.host->datagrams()}
    , use_{std::move(socket)}
    , socket_{owner.context().get_executor()}
    , batch_{use_.handle(), use_.sockets().is_v6() ? AF_INET6 : AF_INET}
    , connections_{sizeof(datagram_connection), handshakes_of(listener)}
    , handshakes_{handshakes_of(listener)}
    , index_{2 * handshakes_of(listener)}
    , outgoing_(owner.worker_count())
    , closed_ones_{owner.context(), connections_}
{
    if (door_.serves() == datagram_door::style::requests)
        requests_.emplace(*this);
}

datagram_endpoint::~datagram_endpoint()
{
    stop_reading();
}

void datagram_endpoint::start()
{
    auto const version =
        use_.sockets().is_v6() ? boost::asio::ip::udp::v6() : boost::asio::ip::udp::v4();
    boost::system::error_code failure;
    socket_.assign(version, use_.handle(), failure);
    if (failure)
        log::write(
            log::level::error,
            "cannot accept",
            {{"listener", listener_.config.name}, {"detail", failure.message()}}
        );
    else
        wait();
}

void datagram_endpoint::stop_reading()
{
    boost::system::error_code ignored;
    if (socket_.is_open())
        static_cast<void>(socket_.release(ignored));
}

void datagram_endpoint::add_successor(std::size_t slot, inheritance of)
{
    successors_.push_back(slot);
    if (of == inheritance::whole)
        heir_ = slot;
}

bool datagram_endpoint::hears(std::size_t slot) const noexcept
{
    return slot == listener_.index ||
           std::find(successors_.begin(), successors_.end(), slot) != successors_.end();
}

// An heir may have one of its own. Places only grow, so this ends.
datagram_endpoint& datagram_endpoint::taker()
{
    auto* found = this;
    while (found->heir_) {
        auto* const next = owner_.endpoint_of(*found->heir_);
        if (next == nullptr)
            break;
        found = next;
    }
    return *found;
}

void datagram_endpoint::wait()
{
    waiting_ = true;
    socket_.async_wait(udp_socket::wait_read, [this](boost::system::error_code failure) {
        waiting_ = false;
        if (failure || !socket_.is_open())
            return;
        on_readable();
        wait();
    });
}

void datagram_endpoint::on_readable()
{
    owner_.tick();
    auto& who = taker();
    for (std::size_t i = 0; i < net_limits::reads_a_turn && read_batch(who); ++i)
        continue;
    cell_of(listener_.cells.dropped, datagram_drop::overflow).add(reader_.take_overflow());
    who.listener_.count_made_way();
    who.end_turn();
}

void datagram_endpoint::end_turn()
{
    for (std::size_t to = 0; to < outgoing_.size(); ++to)
        dispatch(static_cast<std::uint8_t>(to));
    if (requests_)
        requests_->publish();
}

// True when there may be more.
bool datagram_endpoint::read_batch(datagram_endpoint& taker)
{
    auto const count = reader_.read(use_.handle());
    for (std::size_t i = 0; i < count; ++i) {
        auto arrived = reader_.at(i);
        arrived.listener = taker.listener_.index;
        taker.take(arrived);
    }
    return count == net_limits::datagrams_a_read;
}

// The worker in the session's id, the one that a byte of the request chooses, or the home of the
// address.
std::uint8_t datagram_endpoint::worker_for(
    arrived_datagram const& arrived, datagram_look const& look
) const
{
    if (look.what == datagram_look::verdict::named)
        return look.session.worker();
    auto const workers = owner_.worker_count();
    if (look.worker_byte)
        return static_cast<std::uint8_t>(*look.worker_byte % workers);
    return home_of(arrived.from, workers);
}

// Whose is it?
void datagram_endpoint::take(arrived_datagram const& arrived)
{
    using verdict = datagram_look::verdict;
    auto const look = door_.look(arrived.data);
    if (look.what == verdict::refused) {
        refuse(arrived, look);
        return;
    }
    auto const here = worker_for(arrived, look);
    if (arrived.hops == 0 && here != owner_.index()) {
        hand_over(arrived, here);
        return;
    }
    if (requests_)
        take_request(arrived);
    else if (look.what == verdict::named)
        take_named(arrived, look.session);
    else if (offer(arrived))
        return;
    else if (look.what == verdict::hello)  // from any address: its session will be ours
        take_hello(arrived, look);
    else if (!follow_notes(arrived))
        count_drop(datagram_drop::stray);
}

void datagram_endpoint::refuse(arrived_datagram const& arrived, datagram_look const& look)
{
    if (requests_) {
        requests_->refuse(arrived, look.why);
        return;
    }
    session_report const report{listener_, arrived.from};
    auto const now = owner_.now();
    if (look.is_handshake)
        report.refused(owner_.sampler(), now, {look.why, look.device}, [&] {
            return listener_.host->advice(look.why, arrived.data);
        });
    else
        report.rejected(owner_.sampler(), now, {}, look.why);
}

void datagram_endpoint::take_named(arrived_datagram const& arrived, session_id session)
{
    auto* live = owner_.sessions().find(session);
    if (live == nullptr || !live->take_datagram(arrived))
        count_drop(datagram_drop::unknown_session);
}

// To the connections at its address, one of which may wait for it.
bool datagram_endpoint::offer(arrived_datagram const& arrived)
{
    datagram_connection* doubter = nullptr;
    error doubt{};
    auto* one = index_.first(arrived.from);
    while (one != nullptr) {
        auto* const next = address_index::next(*one);
        auto const taken = one->offer(arrived);
        if (taken && *taken)
            return true;
        if (!taken) {
            doubter = one;
            doubt = taken.error();
        }
        one = next;
    }
    if (doubter != nullptr)
        doubter->refused(doubt);
    return doubter != nullptr;
}

// What was answered before is answered again, even while nothing new is taken in.
void datagram_endpoint::take_request(arrived_datagram const& arrived)
{
    auto& out = owner_.out();
    out.clear();
    switch (door_.meet(owner_.now(), arrived.from, arrived.data, out)) {
    case datagram_door::welcome::open:
        requests_->open(door_, arrived);
        return;
    case datagram_door::welcome::answered:
        requests_->count(metrics::request_result::repeated);
        send(out.wire.all(), arrived.from, arrived.at);
        return;
    case datagram_door::welcome::ignored:
        requests_->count(metrics::request_result::repeated_unanswered);
        return;
    }
}

void datagram_endpoint::take_hello(arrived_datagram const& arrived, datagram_look const& look)
{
    if (refusing_) {
        count_drop(datagram_drop::draining);
        return;
    }
    auto& out = owner_.out();
    out.clear();
    auto const welcome = door_.meet(owner_.now(), arrived.from, arrived.data, out);
    watch_.look();
    switch (welcome) {
    case datagram_door::welcome::open:
        open(arrived, look);
        return;
    case datagram_door::welcome::answered:
        listener_.cells.hello_retries.add();
        for (std::size_t i = 0; i < out.wire.frames(); ++i)
            send(out.wire.frame_at(i), arrived.from, arrived.at);
        return;
    case datagram_door::welcome::ignored:
        return;
    }
}

void datagram_endpoint::send(bytes datagram, peer_address const& to, local_address const& from)
{
    batch_.add(datagram, to, from);
    wants_flush();
}

// One flush for all that this wake-up of the worker produced, behind the backends' links, which
// decide what is acknowledged.
void datagram_endpoint::wants_flush()
{
    if (flush_posted_)
        return;
    flush_posted_ = true;
    boost::asio::post(owner_.context(), [this] {
        flush_posted_ = false;
        flush();
    });
}

void datagram_endpoint::flush()
{
    if (closed_)
        return;
    batch_.flush();
    cell_of(listener_.cells.dropped, datagram_drop::unsent).add(batch_.take_refused());
}

void datagram_endpoint::count_drop(datagram_drop why)
{
    count_drops(why, 1);
}

void datagram_endpoint::count_drops(datagram_drop why, std::size_t count)
{
    cell_of(listener_.cells.dropped, why).add(count);
}

void datagram_endpoint::delete_later(datagram_connection& closed)
{
    closed_ones_.delete_later(closed);
}

void datagram_endpoint::keep_reserve()
{
    connections_.replace_one();
}

void datagram_endpoint::refuse_hellos()
{
    refusing_ = true;
    while (auto* one = handshakes_.oldest())
        one->cut();
}

void datagram_endpoint::stop()
{
    refuse_hellos();
    flush();
    closed_ones_.clear();
    if (requests_)
        requests_->clear_graves();
    read_what_is_left();
    closed_ = true;
    stop_reading();
    use_.end();
}

// The heir's hellos that came here are not lost with the socket.
void datagram_endpoint::read_what_is_left()
{
    if (socket_.is_open() && heir_ && &taker() != this)
        on_readable();
}

void datagram_endpoint::cookie_watch::look()
{
    bool const asks = endpoint_.door_.asks_for_proof(endpoint_.owner_.now());
    endpoint_.listener_.cells.asks_cookies.set(asks ? 1 : 0);
    if (asks)
        endpoint_.owner_.schedule(*this, endpoint_.owner_.now() + interval);
}

time_point datagram_endpoint::cookie_watch::on_due(time_point now)
{
    bool const asks = endpoint_.door_.asks_for_proof(now);
    endpoint_.listener_.cells.asks_cookies.set(asks ? 1 : 0);
    return asks ? now + interval : never;
}

}  // namespace gatehouse
