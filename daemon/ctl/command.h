// What a command of gatehousectl is. Dispatch, usage, completion and the tests of the documents go
// by these descriptions.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace gatehouse::ctl {

struct call;

// What a shell offers for a value.
enum class offers : std::uint8_t {
    nothing,
    files,
    devices,
    sessions,
    keys,
    log_levels,
    policies,
    shells,
    key_types,
    key_formats,
    commands,
};

struct option {
    std::string_view name;   // "--device"
    std::string_view value;  // "DEVICE"; empty: takes none; in brackets: may be left out
    std::string_view help;
    offers offered = offers::nothing;
};

enum class presence : std::uint8_t { required, optional };

struct operand {
    std::string_view name;  // "DEVICE"
    presence written;
    offers offered = offers::nothing;
};

struct command {
    std::string_view name;  // one word, or two: "device rotate"
    std::string_view summary;
    std::span<operand const> operands;
    std::span<option const> options;  // besides those that every command has
    int (*run)(call const& what);     // its exit status; throws failure and usage_error
};

inline bool takes_value(option const& each) noexcept
{
    return !each.value.empty();
}

inline bool value_may_be_left_out(option const& each) noexcept
{
    return each.value.starts_with('[');
}

}  // namespace gatehouse::ctl
