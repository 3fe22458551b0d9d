// When a key is accepted, and what a key is counted as.
#pragma once

#include "base/time.h"

#include <chrono>
#include <cstdint>

namespace gatehouse::identity {

// Index into keyring::key_ids(). The same id keeps its index from snapshot to snapshot.
using key_index = std::uint32_t;

// The times between which a key is accepted: [not_before, not_after).
struct key_window {
    wall_time not_before = wall_time::min();
    wall_time not_after = wall_time::max();

    bool open_at(wall_time now) const noexcept { return now >= not_before && now < not_after; }
    bool operator==(key_window const&) const noexcept = default;
};

enum class key_state : std::uint8_t { pending, active, expiring, expired, revoked };

// A key that closes within this time counts as expiring.
inline constexpr std::chrono::days expiring_within{7};

// What a key counts as that is not revoked.
constexpr key_state state_of(key_window const& window, wall_time now) noexcept
{
    if (now < window.not_before)
        return key_state::pending;
    if (now >= window.not_after)
        return key_state::expired;
    return window.not_after - now <= expiring_within ? key_state::expiring : key_state::active;
}

}  // namespace gatehouse::identity
