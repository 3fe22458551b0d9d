// What the tests of this room share: parse a text, and look at the problems as lines.
#pragma once

#include "config/credentials.h"
#include "config/load.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::config::testing {

inline std::vector<std::string> lines_of(problems const& found)
{
    std::vector<std::string> lines;
    for (auto const& p : found)
        lines.push_back(to_string(p));
    return lines;
}

// The problems of a configuration that stands in etc/gatehouse.yaml.
inline std::vector<std::string> problems_of(std::string_view text)
{
    problems found;
    problems warnings;
    auto const parsed = parse(text, "etc/gatehouse.yaml", found, warnings);
    auto lines = lines_of(found);
    if (parsed.has_value() != found.empty())
        lines.emplace_back("settings and problems contradict each other");
    return lines;
}

// What such a configuration is warned about.
inline std::vector<std::string> warnings_of(std::string_view text)
{
    problems found;
    problems warnings;
    auto const parsed = parse(text, "etc/gatehouse.yaml", found, warnings);
    return parsed ? lines_of(warnings) : lines_of(found);
}

inline secret_bytes some_decoy()
{
    std::array<std::uint8_t, 32> const raw{1, 2, 3};
    return secret_bytes{raw};
}

inline std::vector<std::string> credential_problems_of(std::string_view text)
{
    problems found;
    auto const parsed = parse_credentials(text, "keys/fleet.yaml", some_decoy(), found);
    auto lines = lines_of(found);
    if ((parsed.keyring != nullptr) != found.empty())
        lines.emplace_back("keyring and problems contradict each other");
    return lines;
}

inline bool contains(std::vector<std::string> const& lines, std::string_view part)
{
    return std::any_of(lines.begin(), lines.end(), [part](std::string const& line) {
        return line.find(part) != line.npos;
    });
}

// One wrong text and a part of the line that must be said about it.
struct wrong_text {
    std::string_view text;
    std::string_view said;
};

inline std::ostream& operator<<(std::ostream& out, wrong_text const& wrong)
{
    return out << wrong.text;
}

}  // namespace gatehouse::config::testing
