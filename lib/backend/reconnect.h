// When to try a lost backend again: doubling delays with jitter, so that workers do not knock in
// step.
#pragma once

#include "base/time.h"

#include <chrono>
#include <cstdint>

namespace gatehouse::backend {

inline constexpr std::chrono::milliseconds reconnect_first{50};
inline constexpr std::chrono::milliseconds reconnect_longest{2'000};

class reconnect {
public:
    // How long to wait before the next attempt: between half of the current step and the whole.
    // `random` is any random number.
    std::chrono::milliseconds next_delay(std::uint64_t random) noexcept
    {
        auto const half = step_ / 2;
        auto const jitter = random % static_cast<std::uint64_t>(half.count() + 1);
        auto const delay = half + std::chrono::milliseconds{jitter};
        step_ = step_ * 2 < reconnect_longest ? step_ * 2 : reconnect_longest;
        return delay;
    }

    // The backend answered: start over.
    void succeeded() noexcept { step_ = reconnect_first; }

private:
    std::chrono::milliseconds step_ = reconnect_first;
};

}  // namespace gatehouse::backend
