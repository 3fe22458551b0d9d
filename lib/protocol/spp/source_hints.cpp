#include "protocol/spp/source_hints.h"

#include <algorithm>

namespace gatehouse::spp {

// FNV-1a. Who can choose addresses to crowd a set has proven a device's key each time.
std::size_t source_hints::start_of(identity::source_address const& from) const noexcept
{
    std::uint64_t hash = 14695981039346656037ULL;
    for (auto const byte : from)
        hash = (hash ^ byte) * 1099511628211ULL;
    return static_cast<std::size_t>((hash ^ hash >> 32) % sets_) * ways_;
}

void source_hints::learn(identity::source_address const& from, identity::public_key const& key)
{
    if (hints_.empty())
        hints_.resize(sets_ * ways_);
    auto const set = std::span{hints_}.subspan(start_of(from), ways_);
    auto found = std::find_if(set.begin(), set.end(), [&](hint const& one) {
        return one.used && one.from == from && one.key == key;
    });
    if (found == set.end())
        found = set.end() - 1;  // the one that was seen longest ago makes way
    std::rotate(set.begin(), found, found + 1);
    set.front() = {from, key, true};
}

std::span<source_hints::hint const> source_hints::near(identity::source_address const& from
) const noexcept
{
    if (hints_.empty())
        return {};
    auto const set = std::span{hints_}.subspan(start_of(from), ways_);
    auto const end =
        std::find_if(set.begin(), set.end(), [](hint const& one) { return !one.used; });
    return set.first(static_cast<std::size_t>(end - set.begin()));
}

}  // namespace gatehouse::spp
