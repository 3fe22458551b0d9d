#include "load_device.h"
#include "net/clock.h"
#include "stamp.h"

#include <algorithm>
#include <chrono>

namespace gatehouse::sim {

namespace {

// How many messages all devices without a rate together write in a turn, and one of them at most.
constexpr std::uint32_t burst_of_all = 4096;
constexpr std::uint32_t burst_of_one = 64;

}  // namespace

// Devices with a rate begin spread over their first interval.
void load_device::begin_sending()
{
    auto const rate = run_.options.message_rate;
    if (at() != stage::established || rate == 0)
        return;
    if (rate == no_limit) {
        appoint(due_action::message, run_.now);
        return;
    }
    auto const interval = std::chrono::duration<double>{spread() / rate};
    appoint(due_action::message, run_.now + std::chrono::duration_cast<duration>(interval));
}

void load_device::send_due(time_point planned)
{
    if (run_.phase != load_phase::sending)
        return;
    auto const rate = run_.options.message_rate;
    send_messages();
    if (rate != no_limit) {
        auto const interval = std::chrono::duration<double>{1 / rate};
        auto const next = planned + std::chrono::duration_cast<duration>(interval);
        appoint(due_action::message, std::max(next, run_.now));
    } else if (!run_.options.echo && !run_.device.facts().one_at_a_time) {
        appoint(due_action::message, run_.now + duration{1});
    }
}

// One message, or as many as one write should carry. A device that must wait skips its turn.
void load_device::send_messages()
{
    if (run_.phase != load_phase::sending || blocked())
        return;
    auto const& options = run_.options;
    std::uint32_t wanted = 1;
    if (options.message_rate == no_limit && !options.echo)
        wanted = std::clamp(burst_of_all / options.devices, 1U, burst_of_one);
    if (run_.message.size() >= stamp_size)
        write_stamp(run_.message, read_clock() - run_.started);
    for (std::uint32_t n = 0; n < wanted && !blocked(); ++n) {
        auto const said = say(as_bytes(run_.message));
        if (!said) {
            drop(failure::refused(said.error()));
            return;
        }
        ++run_.counts.sent;
        if (options.echo) {
            ++awaited_;
            ++run_.awaited;
        }
    }
    flush();
}

// Without a rate, each echo calls for the next message; where devices say one thing at a time, each
// answer or acknowledgement does, if no echo is expected.
void load_device::act()
{
    auto const& options = run_.options;
    bool const is_paced_by_answers = options.echo || run_.device.facts().one_at_a_time;
    if (options.message_rate == no_limit && is_paced_by_answers && awaited_ == 0)
        send_messages();
}

void load_device::hear(bytes message)
{
    ++run_.counts.received;
    if (!run_.options.echo || awaited_ == 0)
        return;
    --awaited_;
    --run_.awaited;
    if (auto const stamp = find_stamp(message))
        run_.counts.echo_times.record(run_.now - run_.started - *stamp);
}

}  // namespace gatehouse::sim
