#include "load_device.h"

#include "net/clock.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace gatehouse::sim {

namespace {

constexpr std::uint32_t tries_without_reconnect = 3;
constexpr duration first_pause = std::chrono::milliseconds{100};
constexpr duration longest_pause = std::chrono::seconds{5};

}  // namespace

void load_device::attempt()
{
    ++attempts_;
    ++tries_;
    began_ = read_clock();
    stage_ = stage::connecting;
    ++run_.connections;
    ++run_.shaking_hands;
    appoint(due_action::handshake_limit, later(began_, run_.options.device.timeout));
    open();
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
    if (run_.options.device.facts().keepalive > duration::zero())
        appoint(due_action::keepalive, later(run_.now, run_.options.device.facts().keepalive));
    greet();
    if (run_.phase == load_phase::sending)
        begin_sending();
    if (run_.phase >= load_phase::leaving)
        leave();
}

void load_device::greet()
{
    auto const& options = run_.options;
    if (!options.device.facts().proves_by_message || options.message_rate != 0)
        return;
    static_cast<void>(say({}));
    flush();
}

bool load_device::keep(appointment const& due)
{
    if (due.attempt != attempts_)
        return false;
    if (due.what == due_action::attempt)
        return stage_ == stage::idle && run_.phase < load_phase::draining;
    if (!connected())
        return false;
    if (due.what == due_action::handshake_limit) {
        if (stage_ == stage::connecting || stage_ == stage::shaking_hands)
            drop(failure::of(failure::kind::timeout));
    } else if (due.what == due_action::message) {
        if (stage_ == stage::established)
            send_due(due.when);
    } else if (due.what == due_action::keepalive) {
        if (stage_ == stage::established)
            keep_alive();
    } else {
        keep_own(due.what);
    }
    return false;
}

void load_device::leave()
{
    if (stage_ != stage::established) {
        if (connected())
            abandon();
        return;
    }
    stage_ = stage::leaving;
    --run_.established;
    left_well_ = true;
    farewell();
    flush();
}

void load_device::lost(failure const& why)
{
    auto const lost_at = std::exchange(stage_, stage::idle);
    if (lost_at != stage::leaving)
        note(lost_at, why);
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
    if (!may_try_again(lost_at, why)) {
        settle();
        return;
    }
    auto const doublings = std::min(tries_, std::uint32_t{10});
    auto const pause = std::min(first_pause * (1 << doublings) / 2, longest_pause);
    auto const jittered = std::chrono::duration<double>{pause} * (0.5 + spread() / 2);
    appoint(due_action::attempt, read_clock() + std::chrono::duration_cast<duration>(jittered));
}

void load_device::note(stage lost_at, failure const& why)
{
    if (run_.phase >= load_phase::leaving && !why)
        return;
    std::string step = "session: ";
    if (lost_at == stage::connecting)
        step = "connect: ";
    if (lost_at == stage::shaking_hands)
        step = "handshake, " + std::string{awaits()} + " awaited: ";
    ++run_.counts.failures[step + why.text()];
    if (lost_at == stage::established)
        ++run_.counts.sessions_lost;
    else
        ++run_.counts.handshakes_failed;
}

// Over UDP a datagram may be lost for good.
bool load_device::may_try_again(stage lost_at, failure const& why) const noexcept
{
    if (run_.phase >= load_phase::draining)
        return false;
    if (run_.options.reconnect)
        return true;
    auto const& device = run_.options.device;
    bool const is_silence =
        why.what() == failure::kind::timeout || why.what() == failure::kind::unanswered;
    bool const passing = why.what() == failure::kind::network ||
                         device.facts().known_at_second_try ||
                         (is_silence && device.over == transport::udp);
    return lost_at != stage::established && passing && tries_ < tries_without_reconnect;
}

void load_device::settle()
{
    if (!std::exchange(settled_, true))
        ++run_.settled;
}

void load_device::appoint(due_action what, time_point when)
{
    run_.due.add({when, this, attempts_, what});
}

// Multiples of the golden ratio spread evenly.
double load_device::spread() const noexcept
{
    constexpr double golden_ratio = 0.6180339887498949;
    return std::fmod((index_ + 1.0 + tries_ * 7919.0) * golden_ratio, 1.0);
}

}  // namespace gatehouse::sim
