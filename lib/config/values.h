// The written forms of single values. Each parser takes exactly its form and nothing else.
#pragma once

#include "base/time.h"
#include "config/model.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse::config {

// Digits only, no sign, no leading zero.
std::optional<std::uint64_t> parse_number(std::string_view text) noexcept;

// "500ms", "10s", "5m", "24h", "7d": more than nothing and at most `longest_duration`.
std::optional<milliseconds> parse_duration(std::string_view text) noexcept;

inline constexpr milliseconds longest_duration = std::chrono::days{366};

// In bytes: "512B", "64KiB", "1MiB", "1GiB".
std::optional<std::uint64_t> parse_size(std::string_view text) noexcept;

// "192.0.2.1:9000", "[2001:db8::1]:9000" or "eth0:9000"; the port is 0 to 65535. A name comes back
// without an address, an IPv6 address in its canonical form, so that equal ones are equal texts.
std::optional<endpoint> parse_endpoint(std::string_view text);

// RFC 3339: "2026-12-01T00:00:00Z", or with an offset such as "+01:00"; fractions of a second are
// cut off.
std::optional<wall_time> parse_time(std::string_view text) noexcept;

// 1 to 64 printable ASCII characters, no space: what may stand in a metric label and a log line.
bool is_label(std::string_view text) noexcept;

}  // namespace gatehouse::config
