// What a person would say about a text that is not YAML.
#pragma once

#include "config/complaints.h"

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::config {

// What the parser's events are ended with when lists and maps stand too deep in each other.
inline constexpr std::string_view nested_too_deeply = "nested too deeply";

// What the parser knew when it gave up.
struct syntax_failure {
    position where;
    std::string_view message;              // its own words
    std::optional<position> last_quoted;   // where the last text in quotation marks begins
    std::optional<position> open_bracket;  // that of the innermost [ or { around the place
};

struct syntax_problem {
    position where;
    std::string text;
};

// Where the mistake is most likely, and what would be right; never quotes `text`.
syntax_problem explain_syntax(std::string_view text, syntax_failure const& failed);

}  // namespace gatehouse::config
