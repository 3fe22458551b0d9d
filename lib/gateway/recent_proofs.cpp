#include "gateway/recent_proofs.h"

#include "base/keyed_hash.h"
#include "wire/reader.h"
#include "wire/writer.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

constexpr std::string_view mark = "GATEHOUSE-PROOFS";  // of a save, with its form
constexpr std::size_t frame_size = mark.size() + 2 * sizeof(std::uint64_t);
constexpr std::uint64_t minutes_kept = 0xffff;

std::uint64_t minute_of(wall_time when) noexcept
{
    auto const minutes = std::chrono::floor<std::chrono::minutes>(when.time_since_epoch());
    return static_cast<std::uint64_t>(minutes.count()) & minutes_kept;
}

// So that a file which is cut or spoilt is known.
std::uint64_t sum_of(bytes data) noexcept
{
    return keyed_hash(0, data);
}

}  // namespace

recent_proofs::recent_proofs(std::uint64_t key)
    : key_{key}
    , entries_{std::make_unique<std::atomic<std::uint64_t>[]>(most)}
{
}

recent_proofs::subject recent_proofs::source_at(std::string_view listener, peer_address const& from)
    const noexcept
{
    auto const source = source_of(from);
    return keyed_hash(keyed_hash(key_, as_bytes(listener)), source);
}

recent_proofs::subject recent_proofs::device_at(std::string_view listener, std::string_view device)
    const noexcept
{
    return keyed_hash(~keyed_hash(key_, as_bytes(listener)), as_bytes(device));
}

// The minute stands in 16 bits. One that is ahead by less than an hour is of before the clock was
// set back.
bool recent_proofs::is_recent(std::uint64_t entry, wall_time now) noexcept
{
    static constexpr auto tolerated = static_cast<std::uint64_t>(memory.count());
    auto const age = (minute_of(now) - entry + tolerated) & minutes_kept;
    return entry != 0 && age <= 2 * tolerated;
}

// By bits of the name, so that an entry of a file says where it belongs.
std::atomic<std::uint64_t>* recent_proofs::set_of(subject who) const noexcept
{
    return &entries_[name_in(who) % sets * ways];
}

void recent_proofs::put(std::uint64_t name, std::uint64_t minute) noexcept
{
    auto* const set = set_of(name << 16);
    auto* chosen = set;
    std::uint64_t oldest = 0;
    for (std::size_t i = 0; i < ways; ++i) {
        auto const entry = set[i].load(std::memory_order_relaxed);
        if (name_in(entry) == name) {
            chosen = &set[i];
            break;
        }
        auto const age = entry == 0 ? minutes_kept + 1 : (minute - entry) & minutes_kept;
        if (age < oldest)
            continue;
        oldest = age;
        chosen = &set[i];
    }
    chosen->store(name << 16 | minute, std::memory_order_relaxed);
}

void recent_proofs::remember(subject who, wall_time now) noexcept
{
    put(name_in(who), minute_of(now));
}

bool recent_proofs::knows(subject who, wall_time now) const noexcept
{
    auto const* const set = set_of(who);
    return std::any_of(set, set + ways, [&](auto const& one) {
        auto const entry = one.load(std::memory_order_relaxed);
        return name_in(entry) == name_in(who) && is_recent(entry, now);
    });
}

std::vector<std::uint8_t> recent_proofs::save(wall_time now) const
{
    std::vector<std::uint64_t> kept;
    for (std::size_t i = 0; i < most; ++i) {
        auto const entry = entries_[i].load(std::memory_order_relaxed);
        if (is_recent(entry, now))
            kept.push_back(entry);
    }
    std::vector<std::uint8_t> made(frame_size + kept.size() * sizeof(std::uint64_t));
    wire::writer out{made};
    out.put(as_bytes(mark)).little(key_);
    for (auto const entry : kept)
        out.little(entry);
    auto const sum = sum_of(bytes{made}.first(out.written()));
    out.little(sum);
    return made;
}

bool recent_proofs::load(bytes saved)
{
    static constexpr auto word = sizeof(std::uint64_t);
    if (saved.size() < frame_size || saved.size() > frame_size + most * word ||
        (saved.size() - frame_size) % word != 0)
        return false;
    wire::reader in{saved};
    auto const found_mark = in.take(mark.size());
    auto const key = in.little<std::uint64_t>();
    wire::reader end{saved.last(word)};
    if (as_text(found_mark) != mark ||
        end.little<std::uint64_t>() != sum_of(saved.first(saved.size() - word)))
        return false;
    key_ = key;
    std::fill_n(entries_.get(), most, 0);
    while (in.remaining() > word) {
        auto const entry = in.little<std::uint64_t>();
        put(name_in(entry), entry & minutes_kept);
    }
    return true;
}

}  // namespace gatehouse
