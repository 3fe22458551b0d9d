// What the devices of a load run have to do later: one heap instead of a timer a device.
#pragma once

#include "base/time.h"

#include <cstdint>
#include <queue>
#include <vector>

namespace gatehouse::sim {

class load_device;

enum class due_action : std::uint8_t {
    attempt,
    handshake_limit,
    message,
    keepalive,
    flush,       // TCP: the kernel did not take all
    repetition,  // UDP: of a frame that was not acknowledged
    rebind,      // UDP: another local address
};

// Void when the device's connection has changed since (`attempt` is its number).
struct appointment {
    time_point when;
    load_device* device = nullptr;
    std::uint32_t attempt = 0;
    due_action what{};
};

class agenda {
public:
    void add(appointment const& made) { heap_.push(made); }

    bool has_due(time_point now) const { return !heap_.empty() && heap_.top().when <= now; }
    appointment take()
    {
        auto const first = heap_.top();
        heap_.pop();
        return first;
    }

private:
    struct is_later {
        bool operator()(appointment const& a, appointment const& b) const noexcept
        {
            return a.when > b.when;
        }
    };

    std::priority_queue<appointment, std::vector<appointment>, is_later> heap_;
};

}  // namespace gatehouse::sim
