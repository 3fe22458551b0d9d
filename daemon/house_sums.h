// What the workers count, summed.
#pragma once

#include "net/shared_house.h"

#include <cstddef>
#include <cstdint>

namespace gatehouse {

// The sum over the workers of the cell that `pick` names.
template <class Pick>
std::uint64_t sum(shared_house const& house, Pick const& pick)
{
    std::uint64_t total = 0;
    for (auto const& cells : house.cells)
        total += pick(cells).value();
    return total;
}

// Live sessions by a key of a credential set.
inline std::uint64_t sessions_with(shared_house const& house, std::size_t set, std::size_t key)
{
    return sum(
        house, [&](auto const& cells) -> auto const& { return cells.credential_sessions[set][key]; }
    );
}

}  // namespace gatehouse
