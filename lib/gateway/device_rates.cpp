#include "gateway/device_rates.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gatehouse {

namespace {

constexpr duration burst = std::chrono::seconds{1};

// How long so many last at a rate.
duration time_of(std::uint64_t count, std::uint64_t rate) noexcept
{
    auto const seconds = static_cast<double>(count) / static_cast<double>(rate);
    auto const nanoseconds = std::min(seconds, 1e9) * 1e9;
    return std::chrono::nanoseconds{static_cast<std::int64_t>(nanoseconds)};
}

// How many fit into a time at a rate.
std::size_t count_in(duration time, std::uint64_t rate) noexcept
{
    auto const seconds = std::chrono::duration<double>(time).count();
    return static_cast<std::size_t>(seconds * static_cast<double>(rate));
}

}  // namespace

void device_rates::set_limits(rate_limits limits)
{
    messages_ = limits.messages;
    bytes_ = limits.bytes;
    if (any())
        return;
    for (auto& one : parts_) {
        std::scoped_lock const lock{one.mutex};
        one.devices = {};
    }
}

device_rates::part& device_rates::part_of(identity::device_id const& device) noexcept
{
    auto const hash = hash_value(device);
    return parts_[(hash ^ hash >> 32) % parts];
}

device_rates::usage device_rates::usage_of(identity::device_id const& device) const
{
    auto const& in = const_cast<device_rates&>(*this).part_of(device);
    std::scoped_lock const lock{in.mutex};
    auto const found = in.devices.find(device);
    return found == in.devices.end() ? usage{} : found->second;
}

device_rates::allowance device_rates::ask(time_point now, identity::device_id const& device) const
{
    allowance made;
    std::uint64_t const message_rate = messages_;
    std::uint64_t const byte_rate = bytes_;
    auto const used = usage_of(device);
    if (message_rate != 0) {
        auto const each = time_of(1, message_rate);
        auto const depth = std::max(burst, each);
        auto const capacity = now + depth - std::max(used.messages, now);
        made.messages =
            capacity < each ? 0 : std::max<std::size_t>(1, count_in(capacity, message_rate));
        if (made.messages == 0)
            made.from = used.messages + each - depth;
    }
    if (byte_rate != 0) {
        auto const capacity = now + burst - std::max(used.bytes, now);
        made.bytes = capacity <= duration::zero()
                         ? 0
                         : std::max<std::size_t>(1, count_in(capacity, byte_rate));
        if (made.bytes == 0)
            made.from = std::max(made.from, used.bytes - burst + std::chrono::nanoseconds{1});
    }
    return made;
}

bool device_rates::may_send(time_point now, identity::device_id const& device) const
{
    return !any() || !ask(now, device).nothing();
}

void device_rates::took(
    time_point now, identity::device_id const& device, std::size_t messages, std::size_t size
)
{
    std::uint64_t const message_rate = messages_;
    std::uint64_t const byte_rate = bytes_;
    auto& in = part_of(device);
    std::scoped_lock const lock{in.mutex};
    auto& used = in.devices[device];
    if (message_rate != 0)
        used.messages = later(std::max(used.messages, now), time_of(messages, message_rate));
    if (byte_rate != 0)
        used.bytes = later(std::max(used.bytes, now), time_of(size, byte_rate));
    if (--in.until_sweep == 0)
        sweep(in, now);
}

// Whoever may say a second's worth again need not be remembered. As many calls pass between two
// sweeps as there are devices.
void device_rates::sweep(part& of, time_point now)
{
    boost::unordered::erase_if(of.devices, [&](auto const& one) {
        return one.second.messages <= now && one.second.bytes <= now;
    });
    of.until_sweep = std::max(shortest_round, of.devices.size());
}

std::size_t device_rates::size() const
{
    std::size_t count = 0;
    for (auto const& one : parts_) {
        std::scoped_lock const lock{one.mutex};
        count += one.devices.size();
    }
    return count;
}

}  // namespace gatehouse
