#include "identity/source_index.h"

#include <algorithm>

namespace gatehouse::identity {

void source_index::add(std::uint32_t number, std::span<source_range const> from)
{
    if (from.empty()) {
        anywhere_.push_back(number);
        return;
    }
    // A range within another one of the same device would make it count twice. What covers a range
    // stands before it.
    std::vector<source_range> sorted{from.begin(), from.end()};
    std::sort(sorted.begin(), sorted.end());
    source_range const* last = nullptr;
    for (auto const& one : sorted) {
        if (last != nullptr && last->covers(one))
            continue;
        last = &one;
        bound_.push_back({one, number});
    }
}

void source_index::finish()
{
    std::sort(bound_.begin(), bound_.end());
    for (auto const& one : bound_)
        lengths_.push_back(one.range.bits());
    std::sort(lengths_.rbegin(), lengths_.rend());
    lengths_.erase(std::unique(lengths_.begin(), lengths_.end()), lengths_.end());
    lengths_.shrink_to_fit();
    count_most();
}

// Ranges either lie in each other or apart, so that the most are found at the innermost ones: each
// range stands behind all that cover it.
void source_index::count_most()
{
    std::size_t most_bound = 0;
    std::vector<source_range> around;
    for (auto const& one : bound_) {
        while (!around.empty() && !around.back().covers(one.range))
            around.pop_back();
        around.push_back(one.range);
        most_bound = std::max(most_bound, around.size());
    }
    most_ = most_bound + anywhere_.size();
}

std::size_t source_index::find(source_address const& address, std::span<std::uint32_t> into)
    const noexcept
{
    std::size_t count = 0;
    for (auto const bits : lengths_) {
        auto const first = masked(address, bits);
        auto at = std::lower_bound(
            bound_.begin(),
            bound_.end(),
            first,
            [&](entry const& one, source_address const& wanted) {
                return one.range.first() != wanted ? one.range.first() < wanted
                                                   : one.range.bits() < bits;
            }
        );
        for (; at != bound_.end() && at->range.bits() == bits && at->range.first() == first; ++at) {
            if (count == into.size())
                return count;
            into[count++] = at->number;
        }
    }
    auto const rest = std::min(into.size() - count, anywhere_.size());
    std::copy_n(anywhere_.begin(), rest, into.begin() + static_cast<std::ptrdiff_t>(count));
    return count + rest;
}

}  // namespace gatehouse::identity
