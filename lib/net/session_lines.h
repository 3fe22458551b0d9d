// Keeps lines about sessions down that begin and end all the time: so many of one device and of one
// source in a while, then only their number. A fleet whose devices come and go writes all of its
// lines.
//
// One a worker, on its thread. Memory is constant: whoever was quiet longest is forgotten.
#pragma once

#include "base/address.h"
#include "base/time.h"
#include "identity/device_id.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace gatehouse {

// How many lines each of many has had in its present window.
class line_counts {
public:
    struct bound {
        std::uint32_t lines = 0;
        duration window{};
    };

    line_counts(bound most, std::size_t sets) : most_{most}, sets_(sets) {}

    // May a line about whatever has this key be written now? Then the answer is how many were left
    // out since the last one. Keys are spread over all 64 bits.
    std::optional<std::uint64_t> allow(time_point now, std::uint64_t key)
    {
        auto& seen = find(now, key);
        if (now - seen.since >= most_.window) {
            seen.since = now;
            seen.written = 0;
        }
        if (seen.written >= most_.lines) {
            ++seen.left_out;
            return std::nullopt;
        }
        ++seen.written;
        auto const left_out = seen.left_out;
        seen.left_out = 0;
        return left_out;
    }

private:
    struct entry {
        std::uint64_t key = 0;
        time_point since{};
        std::uint32_t written = 0;
        std::uint32_t left_out = 0;
    };
    using set = std::array<entry, 4>;

    entry& find(time_point now, std::uint64_t key)
    {
        auto& among = sets_[key % sets_.size()];
        auto const known = std::find_if(among.begin(), among.end(), [&](entry const& one) {
            return one.key == key;
        });
        if (known != among.end())
            return *known;
        auto& oldest =
            *std::min_element(among.begin(), among.end(), [](entry const& a, entry const& b) {
                return a.since < b.since;
            });
        oldest = {.key = key, .since = now};
        return oldest;
    }

    bound most_;
    std::vector<set> sets_;
};

class session_lines {
public:
    static constexpr line_counts::bound of_a_device{10, std::chrono::seconds{10}};
    static constexpr line_counts::bound of_a_source{50'000, std::chrono::minutes{10}};

    enum class about : std::uint8_t { opened, closed };

    explicit session_lines(std::uint64_t secret) : secret_{secret} {}

    // As line_counts::allow.
    std::optional<std::uint64_t> allow(
        time_point now, about what, identity::device_id const& device, peer_address const& peer
    )
    {
        peer_address source;
        source.ip = source_of(peer);
        auto const of_device = devices_.allow(now, mix(2 * hash_value(device) + as_bit(what)));
        if (!of_device)
            return std::nullopt;
        auto const of_source = sources_.allow(now, mix(2 * hash_value(source) + as_bit(what)));
        if (!of_source)
            return std::nullopt;
        return *of_device + *of_source;
    }

private:
    static constexpr std::size_t device_sets = 512;
    static constexpr std::size_t source_sets = 64;

    static std::uint64_t as_bit(about what) noexcept { return what == about::opened ? 0 : 1; }

    // So that nobody can choose whom he shares a set with.
    std::uint64_t mix(std::uint64_t hash) const noexcept
    {
        hash ^= secret_;
        hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ hash >> 27) * 0x94d049bb133111eb;
        return hash ^ hash >> 31;
    }

    std::uint64_t secret_;
    line_counts devices_{of_a_device, device_sets};
    line_counts sources_{of_a_source, source_sets};
};

}  // namespace gatehouse
