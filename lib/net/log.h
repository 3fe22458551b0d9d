// The structured log: an event and its fields, as text or JSON, on standard error.
//
// Any thread. Never blocks a worker: lines go through a bounded queue, and when whoever reads them
// is too slow the oldest are lost. Every lost line is counted once, and the next one that can be
// written says how many are missing. Nothing secret may be put into a field.
#pragma once

#include "config/model.h"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace gatehouse::log {

enum class level : std::uint8_t { debug, info, warn, error };

class field {
public:
    field(std::string_view key, std::string_view value) : key_{key}, value_{value} {}
    field(std::string_view key, char const* value) : key_{key}, value_{value} {}
    field(std::string_view key, std::string const& value) : key_{key}, value_{value} {}
    field(std::string_view key, std::integral auto value)
        : key_{key}
        , value_{std::to_string(value)}
        , number_{true}
    {
    }

    // Left out when the number is zero.
    static field if_any(std::string_view key, std::uint64_t value)
    {
        return value == 0 ? field{key, std::string_view{}} : field{key, value};
    }

    std::string_view key() const noexcept { return key_; }
    std::string_view value() const noexcept { return value_; }
    bool is_number() const noexcept { return number_; }

private:
    std::string_view key_;
    std::string value_;
    bool number_ = false;
};

// Before the first line; again to change level or format.
void start(config::log_options const& options);

// Writes what is queued, as far as standard error takes it at once. After this nothing is logged
// any more.
void stop();

bool enabled(level at) noexcept;

// Fields with an empty value are left out.
void write(level at, std::string_view event, std::initializer_list<field> fields);

// The event `audit`, whatever the level is. It has a queue of its own, which no other line fills.
void write_audit(std::initializer_list<field> fields);

// Lines that were lost since the start, for whatever reason: those of `write_audit` among them, and
// those alone.
std::uint64_t lost_lines() noexcept;
std::uint64_t lost_audit_lines() noexcept;

}  // namespace gatehouse::log
