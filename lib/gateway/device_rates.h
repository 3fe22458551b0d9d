// How much each device of a listener may say: messages and bytes of them a second, of all its
// sessions together.
//
// Shared by all workers, and locked in parts, by device; touched only while a rate is set
// (docs/decisions/0005). Only devices that spoke within about a second, or have more to wait, take
// memory.
#pragma once

#include "base/time.h"
#include "identity/device_id.h"
#include "protocol/device_allowance.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>

namespace gatehouse {

struct rate_limits {
    std::uint32_t messages = 0;  // a second; 0 = no limit, here and below
    std::uint64_t bytes = 0;
};

class device_rates final : public device_allowance {
public:
    static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

    // What may be taken now. The message that uses up the bytes may be longer than they are: the
    // device waits for that afterwards.
    struct allowance {
        std::size_t messages = unlimited;
        std::size_t bytes = unlimited;
        time_point from{};  // when it is more than nothing, if it is nothing now

        bool nothing() const noexcept { return messages == 0 || bytes == 0; }
    };

    device_rates() = default;
    explicit device_rates(rate_limits limits) { set_limits(limits); }
    device_rates(device_rates const&) = delete;
    device_rates& operator=(device_rates const&) = delete;
    ~device_rates() = default;

    // From now on; what devices have said already still counts.
    void set_limits(rate_limits limits);

    // Is any rate set? When not, nothing else need be asked.
    bool any() const noexcept { return messages_ != 0 || bytes_ != 0; }

    allowance ask(time_point now, identity::device_id const& device) const;
    bool may_send(time_point now, identity::device_id const& device) const override;

    // The device has said so much.
    void took(
        time_point now, identity::device_id const& device, std::size_t messages, std::size_t size
    );

    // How many devices take memory.
    std::size_t size() const;

private:
    // Until when what the device has said lasts, at the rates: in the past when it may say a
    // second's worth at once.
    struct usage {
        time_point messages{};
        time_point bytes{};
    };
    static constexpr std::size_t shortest_round = 64;
    struct part {
        mutable std::mutex mutex;
        boost::unordered_flat_map<identity::device_id, usage> devices;
        std::size_t until_sweep = shortest_round;  // calls of `took`
    };
    static constexpr std::size_t parts = 64;

    part& part_of(identity::device_id const& device) noexcept;
    usage usage_of(identity::device_id const& device) const;
    static void sweep(part& of, time_point now);

    std::atomic<std::uint32_t> messages_{0};
    std::atomic<std::uint64_t> bytes_{0};
    std::array<part, parts> parts_;
};

}  // namespace gatehouse
