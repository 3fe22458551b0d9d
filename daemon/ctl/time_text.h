// Times, durations and rates, as people read them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::ctl {

// 4s, 42s, 12m, 3h5m, 3d4h, 120d: whole seconds, as the daemon counts some ages in no less.
std::string age_text(double seconds);

// Seconds from a time in RFC 3339 (UTC) until `now`, or nothing when it is not such a time.
std::optional<double> seconds_since(
    std::string_view written, std::chrono::system_clock::time_point now
);

// 0.4, 12.5, 1830.
std::string rate_text(double per_second);

// 2026-11-22T18:00:00Z
std::string time_text(std::chrono::system_clock::time_point when);

// 1 device, 2 devices.
std::string count_of(double count, std::string_view one);

// 512 B, 4.0 KiB, 1.5 GiB.
std::string size_text(double count);

}  // namespace gatehouse::ctl
