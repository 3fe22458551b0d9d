// Command lines: a command's options as a table, and what was written for them.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gatehouse::sim {

// The command line is wrong: the program says so, shows its usage and exits with 2.
struct usage_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct option {
    std::string_view name;   // "--connect"
    std::string_view value;  // "IP:PORT"; empty for an option that takes none
    std::string_view help;
};

class arguments {
public:
    // `words` are `--name value`, `--name=value` or `--flag`, each of `known` at most once, and
    // live as long as this. Throws usage_error.
    arguments(std::span<char const* const> words, std::span<option const> known);

    bool has(std::string_view name) const { return written_.contains(name); }
    std::optional<std::string_view> text(std::string_view name) const;

    // Throws usage_error when the option was not written.
    std::string_view required(std::string_view name) const;

private:
    std::map<std::string_view, std::string_view> written_;
};

// One line an option, for --help.
std::string describe(std::span<option const> options);

}  // namespace gatehouse::sim
