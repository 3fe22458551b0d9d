// Deadlines of many things at the price of a few list operations (docs/decisions/0003).
//
// A hierarchical wheel: five levels of 64 slots, 8 ms a tick. Storing a later deadline for
// something that is filed already costs nothing: it is asked again when its old slot comes up. One
// wheel a worker, on its thread; time comes in as an argument.
#pragma once

#include "base/time.h"

#include <boost/intrusive/list.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse {

namespace timer_detail {
using hook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
}

// Something with a deadline. Leaves the wheel when it is destroyed.
class timed : public timer_detail::hook {
public:
    timed() = default;
    virtual ~timed() = default;
    timed(timed const&) = delete;
    timed& operator=(timed const&) = delete;

    // Called when a filed deadline has come. Returns the next one (or `never`); it may destroy
    // other timed things, but not this one.
    virtual time_point on_due(time_point now) = 0;

private:
    friend class timer_wheel;
    std::uint64_t tick_ = 0;
};

class timer_wheel {
public:
    static constexpr std::chrono::milliseconds tick_length{8};

    explicit timer_wheel(time_point start) : start_{start} {}

    // Files `item` for `deadline`, unless it is filed for the same or an earlier time already.
    // `never` files nothing.
    void schedule(timed& item, time_point deadline);

    // Calls everything that is due. Deadlines are kept to the next tick after them.
    void advance(time_point now);

    // When `advance` should be called next; `never` when the wheel is empty.
    time_point next_due() const;

private:
    static constexpr std::size_t levels = 5;
    static constexpr std::size_t slots = 64;
    static constexpr unsigned slot_bits = 6;
    using slot = boost::intrusive::list<timed, boost::intrusive::constant_time_size<false>>;

    std::uint64_t tick_of(time_point at) const noexcept;
    std::uint64_t next_event() const noexcept;
    void insert(timed& item, std::uint64_t tick);
    void run(std::size_t level, time_point now);

    time_point start_;
    std::uint64_t current_ = 0;
    std::array<std::array<slot, slots>, levels> wheel_;
    std::array<std::uint64_t, levels> occupied_{};  // may name a slot that emptied by unlinking
};

}  // namespace gatehouse
