// What the tests of this room share: parse a text, and look at the problems as lines.
#pragma once

#include "config/credentials.h"
#include "config/load.h"
#include "modules/psk_credentials.h"
#include "modules/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
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

// What the gateway speaks.
inline protocol_registry const& protocols()
{
    static protocol_registry const all;
    return all;
}

inline std::optional<settings> parse_file(
    std::string_view text, problems& found, problems& warnings
)
{
    return parse(text, "etc/gatehouse.yaml", protocols().types(), found, warnings);
}

// A valid file; line 3 is the listener with `more` keys, line 8 and later are `top`.
inline std::string file_with(std::string_view more, std::string_view top = {})
{
    std::string text = "version: 1\nlisteners:\n"
                       "  - {name: fleet, bind: \"0.0.0.0:9000\", credentials: keys, backend: b";
    text += more.empty() ? "" : ", ";
    text += more;
    text += "}\ncredentials:\n  keys: {file: keys.yaml}\nbackends:\n  b: {socket: b.sock}\n";
    text += top;
    return text;
}

inline settings settings_of(std::string const& text)
{
    problems found;
    problems warnings;
    auto made = parse_file(text, found, warnings);
    EXPECT_EQ(lines_of(found), std::vector<std::string>{});
    return made.value_or(settings{});
}

inline listener listener_of(std::string_view more)
{
    auto const made = settings_of(file_with(more));
    return made.listeners.empty() ? listener{} : made.listeners.front();
}

// The problems of a configuration that stands in etc/gatehouse.yaml.
inline std::vector<std::string> problems_of(std::string_view text)
{
    problems found;
    problems warnings;
    auto const parsed = parse_file(text, found, warnings);
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
    auto const parsed = parse_file(text, found, warnings);
    return parsed ? lines_of(warnings) : lines_of(found);
}

inline secret_bytes some_decoy()
{
    std::array<std::uint8_t, 32> const raw{1, 2, 3};
    return secret_bytes{raw};
}

// Of which the random parts are always the same; null: what the file looks like.
inline keyring_seed some_seed(credential_kind const* kind = &psk_credentials())
{
    return {.protocols = protocols().types(), .decoy = some_decoy(), .kind = kind};
}

inline credential_file parse_psk_file(std::string_view text, problems& found)
{
    no_secret_files files;
    return parse_credentials(text, "keys/fleet.yaml", some_seed(), files, found);
}

inline std::vector<std::string> credential_problems_of(std::string_view text)
{
    problems found;
    auto const parsed = parse_psk_file(text, found);
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

// There is one problem: it says `part`, and stands at `place`.
inline void expect_one_problem(
    std::vector<std::string> const& said, std::string_view part, std::string_view position_ = {}
)
{
    EXPECT_EQ(said.size(), 1U) << ::testing::PrintToString(said);
    EXPECT_TRUE(contains(said, part)) << ::testing::PrintToString(said);
    EXPECT_TRUE(contains(said, position_)) << ::testing::PrintToString(said);
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
