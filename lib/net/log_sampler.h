// Keeps repeated log lines down: so many of a kind in a window, then only their number.
//
// One sampler a worker, on its thread.
#pragma once

#include "base/error.h"
#include "base/time.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace gatehouse {

class log_sampler {
public:
    static constexpr std::uint32_t lines_a_window = 10;
    static constexpr std::chrono::seconds window{10};

    // May a line about `what` at `slot` (a listener's or backend's index) be written now? Then the
    // answer is how many like it were left out since the last one.
    std::optional<std::uint64_t> allow(time_point now, error what, std::size_t slot)
    {
        auto& seen = kinds_[static_cast<std::uint64_t>(what) << 32 | slot];
        if (now - seen.since >= window || seen.since == time_point{}) {
            seen.since = now;
            seen.written = 0;
        }
        if (seen.written >= lines_a_window) {
            ++seen.left_out;
            return std::nullopt;
        }
        ++seen.written;
        auto const left_out = seen.left_out;
        seen.left_out = 0;
        return left_out;
    }

private:
    struct kind {
        time_point since{};
        std::uint32_t written = 0;
        std::uint64_t left_out = 0;
    };
    boost::unordered_flat_map<std::uint64_t, kind>
        kinds_;  // as many as there are reasons and slots
};

}  // namespace gatehouse
