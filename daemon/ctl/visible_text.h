// Text that comes from elsewhere, for a terminal: nothing in it can drive the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gatehouse::ctl {

// Control characters, invisible and direction-changing ones, invalid UTF-8 and backslashes as
// escapes: \n, \x1b, \u202e, \\. Everything else is untouched.
std::string visible(std::string_view text);

// A JSON document with the same meaning, in which those characters are \u escapes. Bytes that are
// no UTF-8 stay; the parser has refused such documents before.
std::string visible_document(std::string_view document);

// How many columns it takes: its code points.
std::size_t display_width(std::string_view text) noexcept;

// At most `width` columns, the last of which is an ellipsis when something was cut.
std::string cut_to(std::string_view text, std::size_t width);

}  // namespace gatehouse::ctl
