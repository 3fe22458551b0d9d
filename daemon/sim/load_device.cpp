#include "load_device.h"

#include "net/clock.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace gatehouse::sim {

namespace {

constexpr std::uint32_t tries_without_reconnect = 3;
constexpr duration first_pause = std::chrono::milliseconds{100};
constexpr duration longest_pause = std::chrono::seconds{5};

}  // namespace

void load_device::come()
{
    ++tries_;
    ++run_.connections;
    ++run_.shaking_hands;
    attempt();
}

void load_device::began()
{
    --run_.shaking_hands;
    ++run_.established;
    ++run_.counts.handshakes;
    run_.counts.handshake_times.record(run_.now - began_at());
    run_.last_handshake = run_.now;
    tries_ = 0;
    settle();
    if (run_.device.facts().proves_by_message && run_.options.message_rate == 0) {
        static_cast<void>(say({}));
        flush();
    }
    if (run_.phase == load_phase::sending)
        begin_sending();
    if (run_.phase >= load_phase::leaving)
        go();
}

void load_device::go()
{
    if (at() == stage::established) {
        --run_.established;
        left_well_ = true;
    }
    leave();
}

void load_device::lost(stage at, failure const& why)
{
    run_.counts.delivered += way().delivered();
    run_.counts.repeated += way().repeated();
    --run_.connections;
    run_.counts.echoes_missing += awaited_;
    run_.awaited -= std::exchange(awaited_, 0);
    if (at == stage::leaving)
        return;
    note(at, why);
    if (at == stage::established)
        --run_.established;
    else
        --run_.shaking_hands;
    if (run_.options.reconnect)
        settle();
    if (!may_try_again(at, why)) {
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
        step = "handshake, " + std::string{way().awaits()} + " awaited: ";
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
    bool const is_silence =
        why.what() == failure::kind::timeout || why.what() == failure::kind::unanswered;
    bool const passing = why.what() == failure::kind::network ||
                         run_.device.facts().known_at_second_try ||
                         (is_silence && run_.device.over == transport::udp);
    return lost_at != stage::established && passing && tries_ < tries_without_reconnect;
}

void load_device::settle()
{
    if (!std::exchange(settled_, true))
        ++run_.settled;
}

}  // namespace gatehouse::sim
