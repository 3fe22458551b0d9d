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
    auto const rate = run().options.message_rate;
    if (at() != stage::established || rate == 0)
        return;
    if (rate == no_limit) {
        appoint(due_action::message, run().now);
        return;
    }
    auto const interval = std::chrono::duration<double>{spread() / rate};
    appoint(due_action::message, run().now + std::chrono::duration_cast<duration>(interval));
}

void load_device::send_due(time_point planned)
{
    if (run().phase != load_phase::sending)
        return;
    auto const rate = run().options.message_rate;
    send_messages();
    if (rate != no_limit) {
        auto const interval = std::chrono::duration<double>{1 / rate};
        auto const next = planned + std::chrono::duration_cast<duration>(interval);
        appoint(due_action::message, std::max(next, run().now));
    } else if (!run().options.echo && !run().device.facts().one_at_a_time) {
        appoint(due_action::message, run().now + duration{1});
    }
}

// One message, or as many as one write should carry. A device that must wait skips its turn.
void load_device::send_messages()
{
    if (run().phase != load_phase::sending || blocked())
        return;
    auto const& options = run().options;
    std::uint32_t wanted = 1;
    if (options.message_rate == no_limit && !options.echo)
        wanted = std::clamp(burst_of_all / options.devices, 1U, burst_of_one);
    if (run().message.size() >= stamp_size)
        write_stamp(run().message, read_clock() - run().started);
    for (std::uint32_t n = 0; n < wanted && !blocked(); ++n) {
        auto const said = say(as_bytes(run().message));
        if (!said) {
            drop(failure::refused(said.error()));
            return;
        }
        ++run().counts.sent;
        if (options.echo) {
            ++awaited_;
            ++run().awaited;
        }
    }
    flush();
}

// Without a rate, each echo calls for the next message; where devices say one thing at a time, each
// answer or acknowledgement does, if no echo is expected.
void load_device::act()
{
    auto const& options = run().options;
    bool const is_paced_by_answers = options.echo || run().device.facts().one_at_a_time;
    if (options.message_rate == no_limit && is_paced_by_answers && awaited_ == 0)
        send_messages();
}

void load_device::hear(bytes message)
{
    ++run().counts.received;
    if (!run().options.echo || awaited_ == 0)
        return;
    --awaited_;
    --run().awaited;
    if (auto const stamp = find_stamp(message))
        run().counts.echo_times.record(run().now - run().started - *stamp);
}

}  // namespace gatehouse::sim
