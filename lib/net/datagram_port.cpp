#include "net/datagram_port.h"

#include "gateway/address_home.h"
#include "net/log.h"
#include "net/worker.h"

#include <boost/asio/post.hpp>

#include <new>
#include <utility>

namespace gatehouse {

using metrics::cell_of;
using metrics::datagram_drop;

datagram_port::datagram_port(worker& owner, listener_runtime& listener, udp_socket socket)
    : owner_{owner}
    , listener_{listener}
    , door_{listener.host.datagrams()}
    , socket_{std::move(socket)}
    , batch_{socket_.native_handle(), socket_.local_endpoint().address().is_v6() ? AF_INET6 : AF_INET}
    , connections_{sizeof(datagram_connection), listener.config.limits.handshakes}
    , handshakes_{listener.config.limits.handshakes}
    , index_{2 * std::size_t{listener.config.limits.handshakes}}
    , outgoing_(owner.worker_count())
{
}

datagram_port::~datagram_port() = default;

void datagram_port::wait()
{
    socket_.async_wait(udp_socket::wait_read, [this](boost::system::error_code failure) {
        if (failure || closed_)
            return;
        on_readable();
        wait();
    });
}

void datagram_port::on_readable()
{
    owner_.tick();
    door_.set_backend_room(listener_.link.accepting());
    for (std::size_t i = 0; i < net_limits::reads_a_turn && read_batch(); ++i)
        continue;
    cell_of(listener_.cells.dropped, datagram_drop::overflow).add(reader_.take_overflow());
    for (std::size_t to = 0; to < outgoing_.size(); ++to)
        dispatch(static_cast<std::uint8_t>(to));
}

// True when there may be more.
bool datagram_port::read_batch()
{
    auto const count = reader_.read(socket_.native_handle());
    for (std::size_t i = 0; i < count; ++i) {
        auto arrived = reader_.at(i);
        arrived.listener = listener_.index;
        take(arrived);
    }
    return count == net_limits::datagrams_a_read;
}

// Whose is it? The worker in the session's id, the home of the address, or nobody's.
void datagram_port::take(arrived_datagram const& arrived)
{
    using verdict = datagram_look::verdict;
    auto const look = door_.look(arrived.data);
    if (look.what == verdict::refused) {
        refuse(arrived, look);
        return;
    }
    bool const is_named = look.what == verdict::named;
    auto const here =
        is_named ? look.session.worker() : home_of(arrived.from, owner_.worker_count());
    if (arrived.hops == 0 && here != owner_.index()) {
        hand_over(arrived, here);
        return;
    }
    if (is_named)
        take_named(arrived, look.session);
    else if (offer(arrived) || follow_note(arrived))
        return;
    else if (look.what == verdict::hello)
        take_hello(arrived, look);
    else
        count_drop(datagram_drop::stray);
}

void datagram_port::refuse(arrived_datagram const& arrived, datagram_look const& look)
{
    session_report const report{listener_, arrived.from};
    auto const now = owner_.now();
    if (look.is_handshake)
        report.refused(
            owner_.sampler(),
            now,
            {look.why, look.device, listener_.host.advice(look.why, arrived.data)}
        );
    else
        report.rejected(owner_.sampler(), now, {}, look.why);
}

void datagram_port::take_named(arrived_datagram const& arrived, session_id session)
{
    auto* live = owner_.sessions().find(session);
    if (live == nullptr || !live->take_datagram(arrived))
        count_drop(datagram_drop::unknown_session);
}

// To the connections at its address, one of which may wait for it.
bool datagram_port::offer(arrived_datagram const& arrived)
{
    auto* one = index_.first(arrived.from);
    while (one != nullptr) {
        auto* const next = address_index::next(*one);
        if (one->take_datagram(arrived))
            return true;
        one = next;
    }
    return false;
}

// A device may have come to this address with a session of another worker.
bool datagram_port::follow_note(arrived_datagram const& arrived)
{
    constexpr std::uint8_t most_hops = 2;
    auto const found = notes_.find(arrived.from);
    if (found == notes_.end() || arrived.hops >= most_hops)
        return false;
    // A hello there is answered here, as any hello: its session will be ours.
    if (door_.look(arrived.data).what == datagram_look::verdict::hello)
        return false;
    hand_over(arrived, found->second.worker);
    return true;
}

void datagram_port::take_hello(arrived_datagram const& arrived, datagram_look const& look)
{
    if (refusing_)
        return;
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
    }
}

void datagram_port::open(arrived_datagram const& hello, datagram_look const& look)
{
    if (auto const admitted = ask_admission(hello, look); !admitted) {
        session_report{listener_, hello.from}.refused(
            owner_.sampler(), owner_.now(), {admitted.error(), look.device, {}}
        );
        return;
    }
    auto const deadline = owner_.now() + listener_.config.handshake_timeout;
    auto* made = new (connections_.take()) datagram_connection{*this, hello, door_.open(deadline)};
    handshakes_.add({made, owner_.now(), hello.from, look.device});
    made->take_datagram(hello);
}

// A slot for this handshake: from the device's own older ones first, else from one that has owed
// its proof for long.
result<> datagram_port::ask_admission(arrived_datagram const& hello, datagram_look const& look)
{
    if (!listener_.link.accepting_sessions())
        return error::limit_backend_backlog;
    auto const source = source_of(hello.from);
    if (auto* surplus = handshakes_.surplus_of(look.device, hello.from))
        surplus->evict(error::limit_handshakes);
    auto const now = owner_.now();
    auto admitted = listener_.admitted.begin_handshake(now, hello.from, session_room::at_the_end);
    if (admitted)
        return admitted;
    auto* oldest = who_makes_way(admitted.error(), source);
    if (oldest == nullptr) {
        if (below_own_share(admitted.error(), source))
            return listener_.admitted.begin_handshake_over_limit(hello.from);
        ask_others_for_room(admitted.error(), source);
        return admitted;
    }
    auto const full = admitted.error();
    oldest->evict(full);
    admitted = listener_.admitted.begin_handshake(now, hello.from, session_room::at_the_end);
    // Others may have more than their share: the slot that was freed here is ours all the same.
    if (!admitted && admitted.error() == full)
        admitted = listener_.admitted.begin_handshake_over_limit(hello.from);
    return admitted;
}

datagram_connection* datagram_port::who_makes_way(error why, source_prefix const& source) const
{
    auto const then = owner_.now() - net_limits::handshake_patience;
    if (why == error::limit_handshakes)
        return handshakes_.oldest_before(then);
    if (why == error::limit_handshakes_per_address)
        return handshakes_.oldest_of(source, then);
    return nullptr;
}

// The limits are the whole listener's, but each worker may have its share of them whatever the
// others hold: else a flood that is theirs would keep its devices out.
bool datagram_port::below_own_share(error why, source_prefix const& source) const
{
    auto const& limits = listener_.config.limits;
    auto const workers = owner_.worker_count();
    if (handshakes_.size() >= (limits.handshakes + workers - 1) / workers)
        return false;
    if (why == error::limit_handshakes)
        return true;
    return why == error::limit_handshakes_per_address &&
           handshakes_.count_of(source) < (limits.handshakes_per_address + workers - 1) / workers;
}

// The limits are the whole listener's: whoever should make way may be at another worker. The hello
// that found no room is repeated by its device.
void datagram_port::ask_others_for_room(error why, source_prefix const& source)
{
    bool const may_help =
        why == error::limit_handshakes || why == error::limit_handshakes_per_address;
    if (!may_help || owner_.now() - asked_for_room_ < net_limits::between_room_requests)
        return;
    asked_for_room_ = owner_.now();
    owner_.ask_for_room(listener_.index, why, source);
}

void datagram_port::make_room(error why, source_prefix const& source)
{
    if (auto* oldest = who_makes_way(why, source))
        oldest->evict(why);
}

void datagram_port::send(bytes datagram, peer_address const& to, local_address const& from)
{
    batch_.add(datagram, to, from);
    wants_flush();
}

// One flush for all that this wake-up of the worker produced, behind the backends' links, which
// decide what is acknowledged.
void datagram_port::wants_flush()
{
    if (flush_posted_)
        return;
    flush_posted_ = true;
    boost::asio::post(owner_.context(), [this] {
        flush_posted_ = false;
        flush();
    });
}

void datagram_port::flush()
{
    if (closed_)
        return;
    batch_.flush();
    cell_of(listener_.cells.dropped, datagram_drop::unsent).add(batch_.take_refused());
}

void datagram_port::count_drop(datagram_drop why)
{
    cell_of(listener_.cells.dropped, why).add();
}

void datagram_port::learn_address(peer_address const& of)
{
    auto const home = home_of(of, owner_.worker_count());
    if (home != owner_.index())
        owner_.note_address(home, listener_.index, of);
}

void datagram_port::forget_address(peer_address const& of)
{
    auto const home = home_of(of, owner_.worker_count());
    if (home != owner_.index())
        owner_.drop_note(home, listener_.index, of);
}

void datagram_port::note_address(peer_address const& of, std::uint8_t worker)
{
    auto& known = notes_[of];
    if (known.worker != worker)
        known = {worker, 0};
    ++known.sessions;
}

void datagram_port::drop_note(peer_address const& of, std::uint8_t worker)
{
    auto const found = notes_.find(of);
    if (found != notes_.end() && found->second.worker == worker && --found->second.sessions == 0)
        notes_.erase(found);
}

// A full parcel goes at once; with too many on their way the datagram is lost, as on any path that
// is too narrow.
void datagram_port::hand_over(arrived_datagram const& arrived, std::uint8_t to)
{
    if (to >= outgoing_.size()) {
        count_drop(datagram_drop::unknown_session);
        return;
    }
    auto& way = outgoing_[to];
    if (!way.filling) {
        if (way.under_way >= net_limits::parcels_under_way) {
            count_drop(datagram_drop::handover);
            return;
        }
        if (way.spare.empty())
            way.spare.push_back(std::make_unique<datagram_parcel>());
        way.filling = std::move(way.spare.back());
        way.spare.pop_back();
    }
    auto onward = arrived;
    ++onward.hops;
    way.filling->add(onward);
    if (way.filling->size() >= net_limits::datagrams_a_parcel)
        dispatch(to);
}

void datagram_port::dispatch(std::uint8_t to)
{
    auto& way = outgoing_[to];
    if (!way.filling)
        return;
    ++way.under_way;
    owner_.send_parcel(to, listener_.index, std::move(way.filling));
}

void datagram_port::take_parcel(datagram_parcel& parcel)
{
    door_.set_backend_room(listener_.link.accepting());
    for (std::size_t i = 0; i < parcel.size() && !closed_; ++i)
        take(parcel.at(i));
    for (std::size_t to = 0; to < outgoing_.size(); ++to)
        dispatch(static_cast<std::uint8_t>(to));
    parcel.clear();
}

void datagram_port::parcel_is_back(std::uint8_t from, std::unique_ptr<datagram_parcel> parcel)
{
    auto& way = outgoing_[from];
    --way.under_way;
    way.spare.push_back(std::move(parcel));
}

void datagram_port::bury(datagram_connection& closed)
{
    graves_.push_back(&closed);
    if (graves_posted_)
        return;
    graves_posted_ = true;
    boost::asio::post(owner_.context(), [this] {
        graves_posted_ = false;
        clear_graves();
    });
}

void datagram_port::clear_graves()
{
    for (auto* dead : graves_) {
        dead->~datagram_connection();
        connections_.give_back(dead);
    }
    graves_.clear();
}

void datagram_port::keep_reserve()
{
    connections_.replace_one();
}

void datagram_port::refuse_hellos()
{
    refusing_ = true;
    while (auto* one = handshakes_.any())
        one->cut();
}

void datagram_port::stop()
{
    refuse_hellos();
    flush();
    clear_graves();
    closed_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void datagram_port::cookie_watch::look()
{
    bool const asks = port_.door_.asks_for_proof(port_.owner_.now());
    port_.listener_.cells.asks_cookies.set(asks ? 1 : 0);
    if (asks)
        port_.owner_.schedule(*this, port_.owner_.now() + interval);
}

time_point datagram_port::cookie_watch::on_due(time_point now)
{
    bool const asks = port_.door_.asks_for_proof(now);
    port_.listener_.cells.asks_cookies.set(asks ? 1 : 0);
    return asks ? now + interval : never;
}

}  // namespace gatehouse
