// What the workers count, summed.
#pragma once

#include "net/shared_snapshot.h"

#include <cstddef>
#include <cstdint>

namespace gatehouse {

// The sum over the workers of the cell that `pick` names.
template <class Pick>
std::uint64_t sum(shared_snapshot const& snapshot, Pick const& pick)
{
    std::uint64_t total = 0;
    for (auto const& cells : snapshot.cells)
        total += pick(cells).value();
    return total;
}

// Live sessions by a key of a credential set.
inline std::uint64_t sessions_with(
    shared_snapshot const& snapshot, std::size_t set, std::size_t key
)
{
    return sum(
        snapshot,
        [&](auto const& cells) -> auto const& { return cells.credential_sessions[set][key]; }
    );
}

}  // namespace gatehouse
