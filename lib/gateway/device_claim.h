// What a session that has proven itself asks of the older ones of its device, and what they leave
// to it. Travels from worker to worker as a value.
#pragma once

#include "base/address.h"
#include "base/session_id.h"
#include "protocol/output.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace gatehouse {

// What a session has put out while nothing may go on yet.
class held_output {
public:
    // Copies what is in `out`.
    void take(output const& out)
    {
        wire_.assign(out.wire.all().begin(), out.wire.all().end());
        for (auto const message : out.up)
            up_.emplace_back(message.begin(), message.end());
    }

    // Puts it into an empty `out`, whose messages point in here.
    void show(output& out) const
    {
        if (!wire_.empty()) {
            auto const capacity = out.wire.frame(wire_.size());
            std::copy(wire_.begin(), wire_.end(), capacity.begin());
        }
        out.up.insert(out.up.end(), up_.begin(), up_.end());
    }

private:
    std::vector<std::uint8_t> wire_;
    std::vector<std::vector<std::uint8_t>> up_;
};

struct device_claim {
    // Which of the sessions that it is shown to are meant: all, or those whose device is at `peer`.
    enum class reach : std::uint8_t { device, address };
    // Does the new session wait until one of them leaves it its place?
    enum class need : std::uint8_t { nothing, capacity };

    session_id by;
    peer_address peer;
    std::size_t listener = 0;  // slot
    reach whom = reach::device;
    need wants = need::nothing;
    std::optional<peer_address> freed{};  // under which address the place that was left is counted
    held_output held{};                   // of the new session
};

}  // namespace gatehouse
