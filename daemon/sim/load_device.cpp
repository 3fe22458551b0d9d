#include "load_device.h"

#include "net/clock.h"
#include "source_address.h"
#include "spawn.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace gatehouse::sim {

namespace {

constexpr std::uint32_t tries_without_reconnect = 3;
constexpr duration first_pause = std::chrono::milliseconds{100};
constexpr duration longest_pause = std::chrono::seconds{5};
constexpr duration blocked_pause = std::chrono::milliseconds{2};

}  // namespace

task drive(load_device* device)
{
    auto& socket = device->link_->socket();
    auto const& gateway = device->run_.options.device.gateway;
    auto const [refused] = co_await socket.async_connect(gateway, awaiting);
    device->connected(refused);
    while (!device->dropped_) {
        auto const [broken] = co_await socket.async_wait(tcp_socket::wait_read, awaiting);
        device->readable(broken);
    }
    device->detached();
}

void load_device::attempt()
{
    ++attempts_;
    ++tries_;
    began_ = read_clock();
    dropped_ = false;
    why_ = {};
    stage_ = stage::connecting;
    auto settings = run_.options.device.settings;
    settings.id = device_id_after(settings.id, index_);
    link_.emplace(run_.where, run_.tools, settings);
    ++run_.connections;
    ++run_.shaking_hands;
    auto const& gateway = run_.options.device.gateway;
    if (auto const wrong = link_->open(gateway, source_address(gateway.address(), index_))) {
        drop(wrong);
        detached();
        return;
    }
    appoint(errand::handshake_limit, later(began_, run_.options.device.timeout));
    spawn(run_.where, drive(this));
}

void load_device::connected(boost::system::error_code const& refused)
{
    if (dropped_)
        return;
    if (refused) {
        drop(trouble::network(refused));
        return;
    }
    stage_ = stage::shaking_hands;
    link_->device().start(run_.tools.out);
    flush();
}

void load_device::readable(boost::system::error_code const& broken)
{
    if (dropped_)
        return;
    if (broken) {
        drop(trouble::network(broken));
        return;
    }
    run_.now = read_clock();
    auto const wrong = link_->take(run_.now);
    for (auto const message : run_.tools.out.up)
        hear(message);
    flush();
    if (wrong)
        drop(wrong);
    else if (stage_ == stage::shaking_hands && link_->device().established())
        establish();
    else if (answers_at_once())
        send_messages();
}

void load_device::establish()
{
    stage_ = stage::established;
    --run_.shaking_hands;
    ++run_.established;
    ++run_.counts.handshakes;
    run_.counts.handshake_times.record(run_.now - began_);
    run_.last_handshake = run_.now;
    tries_ = 0;
    last_said_ = run_.now;
    settle();
    if (run_.options.device.keepalive > duration::zero())
        appoint(errand::keepalive, later(run_.now, run_.options.device.keepalive));
    if (run_.phase == load_phase::sending)
        begin_sending();
    if (run_.phase >= load_phase::leaving)
        leave();
}

void load_device::flush()
{
    auto const wrong = link_->flush();
    // What the gateway said before it closed can still be read.
    if (wrong && wrong.what() != trouble::kind::closed)
        drop(wrong);
    else if (link_->blocked())
        appoint(errand::flush, later(run_.now, blocked_pause));
    else if (stage_ == stage::leaving)
        link_->finish_sending();
}

bool load_device::keep(appointment const& due)
{
    if (due.attempt != attempts_)
        return false;
    if (due.what == errand::attempt)
        return stage_ == stage::idle && run_.phase < load_phase::draining;
    if (!link_ || dropped_)
        return false;
    if (due.what == errand::flush) {
        flush();
        if (answers_at_once())
            send_messages();
    } else if (due.what == errand::handshake_limit) {
        if (stage_ == stage::connecting || stage_ == stage::shaking_hands)
            drop(trouble::of(trouble::kind::timeout));
    } else if (stage_ == stage::established) {
        if (due.what == errand::message)
            send_due(due.when);
        else
            keep_alive();
    }
    return false;
}

void load_device::leave()
{
    if (stage_ != stage::established) {
        if (link_)
            abandon();
        return;
    }
    stage_ = stage::leaving;
    --run_.established;
    left_well_ = true;
    link_->device().bye(run_.tools.out);
    flush();
}

void load_device::abandon()
{
    if (link_ && !dropped_)
        drop(why_);
}

// The connection's wait ends with an error, and its coroutine with it.
void load_device::drop(trouble const& why)
{
    why_ = why;
    dropped_ = true;
    link_->close();
}

void load_device::detached()
{
    auto const lost_at = std::exchange(stage_, stage::idle);
    if (lost_at != stage::leaving)
        note(lost_at);
    link_.reset();
    --run_.connections;
    run_.counts.echoes_missing += awaited_;
    run_.awaited -= std::exchange(awaited_, 0);
    if (lost_at == stage::leaving)
        return;
    if (lost_at == stage::established)
        --run_.established;
    else
        --run_.shaking_hands;
    if (run_.options.reconnect)
        settle();
    if (!may_try_again(lost_at)) {
        settle();
        return;
    }
    auto const doublings = std::min(tries_, std::uint32_t{10});
    auto const pause = std::min(first_pause * (1 << doublings) / 2, longest_pause);
    auto const jittered = std::chrono::duration<double>{pause} * (0.5 + spread() / 2);
    appoint(errand::attempt, read_clock() + std::chrono::duration_cast<duration>(jittered));
}

void load_device::note(stage lost_at)
{
    if (run_.phase >= load_phase::leaving && !why_)
        return;
    std::string step = "session: ";
    if (lost_at == stage::connecting)
        step = "connect: ";
    if (lost_at == stage::shaking_hands)
        step = "handshake, " + std::string{link_->device().awaits()} + " awaited: ";
    ++run_.counts.failures[step + why_.text()];
    if (lost_at == stage::established)
        ++run_.counts.sessions_lost;
    else
        ++run_.counts.handshakes_failed;
}

// A 0.3 device is let in at its second try: the gateway learns from the first
// (docs/protocols/usmp.md, "0.2 or 0.3").
bool load_device::may_try_again(stage lost_at) const noexcept
{
    if (run_.phase >= load_phase::draining)
        return false;
    if (run_.options.reconnect)
        return true;
    bool const is_0_3 = run_.options.device.settings.release.how == &usmp::r0_3;
    bool const passing = why_.what() == trouble::kind::network || is_0_3;
    return lost_at != stage::established && passing && tries_ < tries_without_reconnect;
}

void load_device::settle()
{
    if (!std::exchange(settled_, true))
        ++run_.settled;
}

void load_device::appoint(errand what, time_point when)
{
    run_.due.add({when, this, attempts_, what});
}

// A number from 0 to 1 that differs between devices and tries: multiples of the golden ratio spread
// evenly.
double load_device::spread() const noexcept
{
    constexpr double golden_ratio = 0.6180339887498949;
    return std::fmod((index_ + 1.0 + tries_ * 7919.0) * golden_ratio, 1.0);
}

}  // namespace gatehouse::sim
