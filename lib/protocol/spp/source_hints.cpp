#include "protocol/spp/source_hints.h"

#include "base/keyed_hash.h"
#include "wire/reader.h"
#include "wire/writer.h"

#include <algorithm>
#include <span>

namespace gatehouse::spp {

// Without a key: who can choose addresses to crowd a set has proven a device's key each time.
std::size_t source_hints::start_of(identity::source_address const& from) const noexcept
{
    return static_cast<std::size_t>(keyed_hash(0, from) % sets_) * ways_;
}

void source_hints::learn(identity::source_address const& from, identity::public_key const& key)
{
    std::scoped_lock const lock{mutex_};
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

void source_hints::look_up(
    identity::source_address const& from, std::vector<identity::public_key>& found
) const
{
    found.clear();
    std::scoped_lock const lock{mutex_};
    if (hints_.empty())
        return;
    for (auto const& one : std::span{hints_}.subspan(start_of(from), ways_))
        if (one.used && one.from == from)
            found.push_back(one.key);
}

// The oldest of each set first, so that learning them again leaves them in their order.
std::vector<std::uint8_t> source_hints::save() const
{
    std::scoped_lock const lock{mutex_};
    auto const count =
        std::count_if(hints_.begin(), hints_.end(), [](auto const& one) { return one.used; });
    std::vector<std::uint8_t> made(
        save_mark.size() + static_cast<std::size_t>(count) * saved_hint + sizeof(std::uint64_t)
    );
    wire::writer out{made};
    out.put(as_bytes(save_mark));
    for (auto one = hints_.rbegin(); one != hints_.rend(); ++one)
        if (one->used)
            out.put(one->from).put(one->key);
    auto const sum = keyed_hash(0, bytes{made}.first(out.written()));
    out.little(sum);
    return made;
}

bool source_hints::load(bytes saved)
{
    static constexpr auto sum_size = sizeof(std::uint64_t);
    auto const frame = save_mark.size() + sum_size;
    if (saved.size() < frame || saved.size() > largest_save ||
        (saved.size() - frame) % saved_hint != 0)
        return false;
    wire::reader end{saved.last(sum_size)};
    wire::reader in{saved.first(saved.size() - sum_size)};
    if (end.little<std::uint64_t>() != keyed_hash(0, saved.first(saved.size() - sum_size)) ||
        as_text(in.take(save_mark.size())) != save_mark)
        return false;
    while (!in.at_end()) {
        auto const from = in.array<16>();
        learn(from, in.array<32>());
    }
    return true;
}

}  // namespace gatehouse::spp
