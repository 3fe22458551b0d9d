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
    ++run().connections;
    ++run().shaking_hands;
    attempt();
}

void load_device::began()
{
    --run().shaking_hands;
    ++run().established;
    ++run().counts.handshakes;
    run().counts.handshake_times.record(run().now - began_at());
    run().last_handshake = run().now;
    tries_ = 0;
    settle();
    if (run().device.facts().proves_by_message && run().options.message_rate == 0) {
        static_cast<void>(say({}));
        flush();
    }
    if (run().phase == load_phase::sending)
        begin_sending();
    if (run().phase >= load_phase::leaving)
        go();
}

void load_device::go()
{
    if (at() == stage::established) {
        --run().established;
        left_well_ = true;
    }
    leave();
}

void load_device::lost(stage at, failure const& why)
{
    run().counts.delivered += way().delivered();
    run().counts.repeated += way().repeated();
    --run().connections;
    run().counts.echoes_missing += awaited_;
    run().awaited -= std::exchange(awaited_, 0);
    if (at == stage::leaving)
        return;
    note(at, why);
    if (at == stage::established)
        --run().established;
    else
        --run().shaking_hands;
    if (run().options.reconnect)
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
    if (run().phase >= load_phase::leaving && !why)
        return;
    std::string step = "session: ";
    if (lost_at == stage::connecting)
        step = "connect: ";
    if (lost_at == stage::shaking_hands)
        step = "handshake, " + std::string{way().awaits()} + " awaited: ";
    ++run().counts.failures[step + why.text()];
    if (lost_at == stage::established)
        ++run().counts.sessions_lost;
    else
        ++run().counts.handshakes_failed;
}

// Over UDP a datagram may be lost for good.
bool load_device::may_try_again(stage lost_at, failure const& why) const noexcept
{
    if (run().phase >= load_phase::draining)
        return false;
    if (run().options.reconnect)
        return true;
    bool const is_silence =
        why.what() == failure::kind::timeout || why.what() == failure::kind::unanswered;
    bool const passing = why.what() == failure::kind::network ||
                         run().device.facts().known_at_second_try ||
                         (is_silence && run().device.over == transport::udp);
    return lost_at != stage::established && passing && tries_ < tries_without_reconnect;
}

void load_device::settle()
{
    if (!std::exchange(settled_, true))
        ++run().settled;
}

}  // namespace gatehouse::sim
