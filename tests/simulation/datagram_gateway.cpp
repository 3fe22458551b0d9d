#include "simulation/datagram_gateway.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace gatehouse::test {

namespace {

using namespace std::chrono_literals;
using verdict = datagram_look::verdict;

constexpr duration goodbye_time = 3s;  // for what waits, then for BYE itself
constexpr duration goodbye_memory = 15s;
constexpr std::size_t handshakes_at_once = 64;

}  // namespace

struct datagram_gateway::connection {
    enum class phase : std::uint8_t { handshake, live, leaving, lingering, closed };

    std::uint64_t serial = 0;
    datagram_session_ptr session;
    peer_address peer;
    phase where = phase::handshake;
    time_point since{};
    time_point last_take_over{};
    time_point due = never;  // as of `settle`
    bool is_spent = false;   // a limit of its own came while it was leaving
    bool insisted = false;   // asked a second time to say BYE

    bool over() const { return where == phase::closed; }

    // After whatever happened.
    void settle()
    {
        due = over() || (is_spent && where != phase::live) ? never : session->deadline();
        if (where == phase::leaving)
            due = std::min(due, since + goodbye_time);
        if (where == phase::lingering)
            due = std::min(due, since + goodbye_memory);
    }
};

datagram_gateway::datagram_gateway(
    usmp_world_setup setup,
    gateway_behaviour const& behaviour,
    datagram_path& path,
    std::vector<message_ledger>& uplink,
    std::uint64_t seed
)
    : setup_{std::move(setup)}
    , behaviour_{behaviour}
    , path_{path}
    , uplink_{uplink}
    , random_{seed}
{
    setup_.config.admit_v1 = false;
    open_doors();
}

datagram_gateway::~datagram_gateway() = default;

peer_address datagram_gateway::address()
{
    return peer_address::v4({192, 0, 2, 1}, 7000);
}

void datagram_gateway::open_doors()
{
    setup_.first_id += 1'000'000;
    world_ = std::make_unique<usmp_world>(setup_);
    world_->random = scripted_random{{}, random_()};
    door_ = std::make_unique<usmp::datagram_door>(
        world_->env, behaviour_.cookies, usmp::handshake_capacity{.most = handshakes_at_once}
    );
}

void datagram_gateway::restart()
{
    connections_.clear();
    to_take_over_.clear();
    door_.reset();
    open_doors();
}

std::size_t datagram_gateway::live() const
{
    return static_cast<std::size_t>(std::count_if(
        connections_.begin(),
        connections_.end(),
        [](auto const& each) { return each->where == connection::phase::live; }
    ));
}

// --- datagrams --------------------------------------------------------------------------------

void datagram_gateway::receive(time_point now, peer_address const& from, bytes datagram)
{
    auto const seen = door_->look(datagram);
    if (seen.what == verdict::refused) {
        ++tally_.refused;
        return;
    }
    if (seen.what == verdict::named) {
        if (auto* one = find(seen.session); one != nullptr)
            give(now, *one, from, datagram);
    } else if (!offer(now, from, datagram) && seen.what == verdict::hello) {
        meet(now, from, datagram);
    }
    sweep();
}

datagram_gateway::connection* datagram_gateway::find(session_id named)
{
    for (auto const& each : connections_)
        if (!each->over() && each->where != connection::phase::handshake &&
            each->session->facts().id == named)
            return each.get();
    return nullptr;
}

datagram_gateway::connection* datagram_gateway::find(std::uint64_t serial)
{
    for (auto const& each : connections_)
        if (!each->over() && each->serial == serial)
            return each.get();
    return nullptr;
}

bool datagram_gateway::offer(time_point now, peer_address const& from, bytes datagram)
{
    for (std::size_t i = 0; i < connections_.size(); ++i) {
        auto& each = *connections_[i];
        if (!each.over() && each.peer == from && each.session->expects_unnamed() &&
            give(now, each, from, datagram))
            return true;
    }
    return false;
}

void datagram_gateway::meet(time_point now, peer_address const& from, bytes hello)
{
    out_.clear();
    auto const welcome = door_->meet(now, from, hello, out_);
    if (welcome != datagram_door::welcome::open) {
        EXPECT_LE(out_.wire.all().size(), hello.size());
        for (std::size_t i = 0; i < out_.wire.frames(); ++i)
            path_.send(now, address(), from, out_.wire.frame_at(i));
        return;
    }
    auto made = std::make_unique<connection>();
    made->serial = downlink_.size();
    made->session = door_->open(now + 10s);
    made->peer = from;
    downlink_.emplace_back(static_cast<std::uint32_t>(made->serial));
    connections_.push_back(std::move(made));
    EXPECT_TRUE(give(now, *connections_.back(), from, hello));
}

bool datagram_gateway::give(
    time_point now, connection& to, peer_address const& from, bytes datagram
)
{
    out_.clear();
    auto const size = datagram.size();
    auto const memory = std::make_unique<std::uint8_t[]>(size);
    std::copy(datagram.begin(), datagram.end(), memory.get());
    bool const was_proven = to.where != connection::phase::handshake;
    auto const taken = to.session->receive(now, {memory.get(), size}, out_);
    if (taken && *taken == 0) {
        EXPECT_TRUE(out_.wire.empty() && out_.up.empty());
        return false;
    }
    if (!was_proven && to.session->facts().authenticated)
        promote(to);
    if (was_proven && to.session->heard_newest() && from != to.peer) {
        to.peer = from;
        ++tally_.moves;
    }
    flush(now, to, from);
    conclude(now, to);
    to.settle();
    return true;
}

// A device has one session at an address: the new one takes the place of the old.
void datagram_gateway::promote(connection& one)
{
    one.where = connection::phase::live;
    ++tally_.sessions;
    auto const device = one.session->facts().device;
    for (auto const& each : connections_)
        if (each.get() != &one && each->where == connection::phase::live &&
            each->session->facts().device == device && each->peer == one.peer)
            finish(*each);
}

void datagram_gateway::flush(time_point now, connection& of, peer_address const& to)
{
    for (std::size_t i = 0; i < out_.wire.frames(); ++i) {
        auto const datagram = out_.wire.frame_at(i);
        tally_.rekeys += datagram[0] == 0xcd && type_of(datagram) == wire_type::rekey ? 1U : 0U;
        path_.send(now, address(), to, datagram);
    }
    tally_.retransmitted += out_.retransmitted;
    for (auto const& lost : out_.undelivered) {
        ++tally_.undelivered;
        downlink_[of.serial].told_lost(lost.number - 1);
    }
    for (auto const message : out_.up) {
        auto const wait = duration{std::uniform_int_distribution<duration::rep>{
            0, duration{behaviour_.longest_take_over}.count()}(random_)};
        of.last_take_over = std::max(of.last_take_over, now + wait);
        to_take_over_.emplace(of.last_take_over, take_over{of.serial, copy_of(message)});
    }
    out_.clear();
}

// --- the end of a session ---------------------------------------------------------------------

void datagram_gateway::conclude(time_point now, connection& of)
{
    using phase = connection::phase;
    auto const ended = of.session->ended();
    if (!ended || of.where == phase::lingering || of.over())
        return;
    if (*ended == end_reason::protocol)
        ++tally_.broken;
    bool const may_repeat = *ended == end_reason::bye && of.where == phase::live;
    if (of.where == phase::handshake) {
        of.where = phase::closed;
        return;
    }
    finish(of);
    if (may_repeat) {
        of.where = phase::lingering;
        of.since = now;
    }
}

void datagram_gateway::leave(time_point now, connection& who)
{
    who.session->end(now, out_);
    flush(now, who, who.peer);
    who.where = connection::phase::leaving;
    who.since = now;
}

// Whoever sent something to the device is told what became of it.
void datagram_gateway::finish(connection& who)
{
    out_.clear();
    who.session->give_up_messages(out_);
    EXPECT_TRUE(out_.wire.empty());
    EXPECT_EQ(who.session->backlog(), 0U);
    for (auto const& lost : out_.undelivered)
        downlink_[who.serial].told_lost(lost.number - 1);
    tally_.undelivered += out_.undelivered.size();
    out_.clear();
    if (behaviour_.devices_open_first)
        downlink_[who.serial].rest_is_delivered();
    who.where = connection::phase::closed;
}

void datagram_gateway::close(time_point now)
{
    for (auto const& each : connections_)
        if (each->where == connection::phase::live || each->where == connection::phase::leaving)
            finish(*each);
    sweep();
    while (!to_take_over_.empty())
        take_over_next(now);
}

void datagram_gateway::sweep()
{
    std::erase_if(connections_, [](auto const& each) { return each->over(); });
}

// --- time -------------------------------------------------------------------------------------

time_point datagram_gateway::next() const
{
    auto earliest = to_take_over_.empty() ? never : to_take_over_.begin()->first;
    for (auto const& each : connections_)
        earliest = std::min(earliest, each->due);
    return earliest;
}

void datagram_gateway::on_due(time_point now)
{
    using phase = connection::phase;
    while (!to_take_over_.empty() && to_take_over_.begin()->first <= now)
        take_over_next(now);
    for (std::size_t i = 0; i < connections_.size(); ++i) {
        auto& each = *connections_[i];
        if (each.due > now)
            continue;
        bool const goes = each.where == phase::leaving || each.where == phase::lingering;
        auto const patience = each.where == phase::leaving ? goodbye_time : goodbye_memory;
        if (goes && now >= each.since + patience)
            lose_patience(now, each);
        else
            come_due(now, each);
        each.settle();
    }
    sweep();
}

void datagram_gateway::come_due(time_point now, connection& one)
{
    using phase = connection::phase;
    bool const goes = one.where == phase::leaving || one.where == phase::lingering;
    auto const fine = one.session->on_deadline(now, out_);
    flush(now, one, one.peer);
    if (fine)
        EXPECT_GT(one.session->deadline(), now) << "a deadline that does not move";
    else if (goes)
        one.is_spent = true;
    else if (one.where == phase::handshake)
        one.where = phase::closed;
    else
        leave(now, one);
    if (!fine)
        EXPECT_EQ(class_of(fine.error()), error_class::limit) << describe(fine.error());
}

// The device does not take what is left for it, or not the BYE.
void datagram_gateway::lose_patience(time_point now, connection& with)
{
    if (with.where == connection::phase::lingering)
        with.where = connection::phase::closed;
    else if (std::exchange(with.insisted, true))
        finish(with);
    else
        leave(now, with);
}

void datagram_gateway::take_over_next(time_point now)
{
    auto const next = std::move(to_take_over_.begin()->second);
    to_take_over_.erase(to_take_over_.begin());
    auto const name = name_of(next.text);
    ASSERT_LT(name.sender, uplink_.size());
    uplink_[name.sender].arrived(name.number, next.text, next.serial);
    auto* session = find(next.serial);
    if (session == nullptr)
        return;
    session->session->taken_over(now, 1, out_);
    flush(now, *session, session->peer);
    session->settle();
    if (behaviour_.answers && session->where == connection::phase::live)
        send(now, *session, next.text.size());
}

// --- the backend ------------------------------------------------------------------------------

void datagram_gateway::send_to_somebody(time_point now, std::size_t size)
{
    if (connections_.empty())
        return;
    auto& to = *connections_[random_() % connections_.size()];
    if (to.where == connection::phase::live)
        send(now, to, size);
}

void datagram_gateway::send_to(time_point now, identity::device_id const& device, std::size_t size)
{
    auto const newest =
        std::find_if(connections_.rbegin(), connections_.rend(), [&](auto const& one) {
            return one->where == connection::phase::live && one->session->facts().device == device;
        });
    if (newest != connections_.rend())
        send(now, **newest, size);
}

void datagram_gateway::send(time_point now, connection& to, std::size_t size)
{
    auto const text = downlink_[to.serial].say(size);
    if (!to.session->send(now, text, out_))
        downlink_[to.serial].take_back();
    flush(now, to, to.peer);
    to.settle();
}

void datagram_gateway::heard(bytes message, std::uint64_t where)
{
    auto const name = name_of(message);
    ASSERT_LT(name.sender, downlink_.size());
    downlink_[name.sender].arrived(name.number, message, where);
}

}  // namespace gatehouse::test
