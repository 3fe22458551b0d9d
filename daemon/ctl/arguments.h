// A command line, taken apart by the table of commands.
#pragma once

#include "command.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::ctl {

enum class wish : std::uint8_t { run, help, version };

// Views of the words that were parsed, which live as long as this.
struct arguments {
    wish wanted = wish::run;
    std::string group;              // wish::help: the command or group asked about, if any
    command const* what = nullptr;  // wish::run: never null
    std::map<std::string_view, std::string_view> options;
    std::vector<std::string_view> operands;

    bool has(std::string_view name) const { return options.contains(name); }
    std::optional<std::string_view> text(std::string_view name) const;

    // The operand at this place, or an empty view.
    std::string_view operand(std::size_t at) const noexcept;

    // The option as a number of 1 or more. Throws usage_error.
    std::optional<std::uint64_t> number(std::string_view name) const;

    // The option as seconds of at least a tenth, with a fraction perhaps. Throws usage_error.
    std::optional<std::chrono::duration<double>> seconds(std::string_view name) const;
};

// `words` without the program's name. Throws usage_error.
arguments parse_arguments(std::span<char const* const> words);

}  // namespace gatehouse::ctl
