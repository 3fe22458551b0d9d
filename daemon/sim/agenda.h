// What devices have to do later: one heap instead of a timer a device.
#pragma once

#include "base/time.h"

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

namespace gatehouse::sim {

class session;

enum class due_action : std::uint8_t {
    attempt,
    connect_limit,
    handshake_limit,
    answer_limit,
    farewell_limit,
    keepalive,
    link,     // as the link asked for
    rebind,   // UDP: another local address
    message,  // of the command's own
};

// Void when the device's connection has changed since (`attempt` is its number).
struct appointment {
    time_point when;
    session* device = nullptr;
    std::uint32_t attempt = 0;
    due_action what{};
};

class agenda {
public:
    // Called when an appointment is earlier than all others.
    void call_when_earlier(std::function<void()> whom) { earlier_ = std::move(whom); }

    void add(appointment const& made)
    {
        bool const is_first = made.when < next();
        heap_.push(made);
        if (is_first && earlier_)
            earlier_();
    }

    time_point next() const { return heap_.empty() ? never : heap_.top().when; }
    bool has_due(time_point now) const { return next() <= now; }
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
    std::function<void()> earlier_;
};

}  // namespace gatehouse::sim
