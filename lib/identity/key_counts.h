// How many keys are in which state.
#pragma once

#include "identity/key_window.h"

#include <array>
#include <cstddef>

namespace gatehouse::identity {

class key_counts {
public:
    std::size_t operator[](key_state state) const noexcept { return counts_[index(state)]; }
    std::size_t& operator[](key_state state) noexcept { return counts_[index(state)]; }

private:
    static constexpr std::size_t index(key_state state) noexcept
    {
        return static_cast<std::size_t>(state);
    }

    std::array<std::size_t, 5> counts_{};
};

}  // namespace gatehouse::identity
