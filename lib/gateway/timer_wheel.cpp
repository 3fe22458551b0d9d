#include "gateway/timer_wheel.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace gatehouse {

namespace {

constexpr std::uint64_t no_event = std::numeric_limits<std::uint64_t>::max();

}  // namespace

// Rounded up: nothing is due early.
std::uint64_t timer_wheel::tick_of(time_point at) const noexcept
{
    if (at <= start_)
        return 0;
    constexpr auto length = std::chrono::duration_cast<duration>(tick_length);
    return static_cast<std::uint64_t>((at - start_ + length - duration{1}) / length);
}

void timer_wheel::schedule(timed& item, time_point deadline)
{
    if (deadline == never)
        return;
    auto const tick = std::max(tick_of(deadline), current_ + 1);
    if (item.is_linked()) {
        if (item.tick_ <= tick)
            return;
        item.unlink();
    }
    insert(item, tick);
}

void timer_wheel::insert(timed& item, std::uint64_t tick)
{
    item.tick_ = tick;
    std::size_t level = 0;
    auto distance = tick - current_;
    while (level + 1 < levels && distance >= slots) {
        ++level;
        distance = (tick >> (slot_bits * level)) - (current_ >> (slot_bits * level));
    }
    // Beyond the last level's reach (about 99 days): filed at its far end, asked again there.
    auto const position =
        (current_ >> (slot_bits * level)) + std::min<std::uint64_t>(distance, slots - 1);
    auto const index = position % slots;
    wheel_[level][index].push_back(item);
    occupied_[level] |= std::uint64_t{1} << index;
}

// The next tick at which a slot comes up: to fire at the lowest level, to be spread at the others.
std::uint64_t timer_wheel::next_event() const noexcept
{
    auto earliest = no_event;
    for (std::size_t level = 0; level < levels; ++level) {
        if (occupied_[level] == 0)
            continue;
        auto const shift = slot_bits * level;
        auto const position = current_ >> shift;
        auto const ahead = std::rotr(occupied_[level], static_cast<int>((position + 1) % slots));
        auto const distance = static_cast<std::uint64_t>(std::countr_zero(ahead)) + 1;
        earliest = std::min(earliest, (position + distance) << shift);
    }
    return earliest;
}

time_point timer_wheel::next_due() const
{
    auto const event = next_event();
    if (event == no_event)
        return never;
    return start_ + event * std::chrono::duration_cast<duration>(tick_length);
}

void timer_wheel::advance(time_point now)
{
    constexpr auto length = std::chrono::duration_cast<duration>(tick_length);
    if (now < start_)
        return;
    auto const target = static_cast<std::uint64_t>((now - start_) / length);
    while (current_ < target) {
        auto const event = next_event();
        current_ = std::min(event, target);
        if (event > target)
            return;
        for (auto level = levels; level-- > 0;) {
            auto const below = (std::uint64_t{1} << (slot_bits * level)) - 1;
            if ((current_ & below) == 0)
                run(level, now);
        }
    }
}

void timer_wheel::run(std::size_t level, time_point now)
{
    auto const index = (current_ >> (slot_bits * level)) % slots;
    auto const bit = std::uint64_t{1} << index;
    if ((occupied_[level] & bit) == 0)
        return;
    occupied_[level] &= ~bit;
    slot due;
    due.swap(wheel_[level][index]);
    while (!due.empty()) {
        auto& item = due.front();
        due.pop_front();
        if (item.tick_ > current_) {
            insert(item, item.tick_);
            continue;
        }
        schedule(item, item.on_due(now));
    }
}

}  // namespace gatehouse
