// "Are you sure?", for people only: scripts have decided already.
#pragma once

#include "terminal.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace gatehouse::ctl {

enum class assent : std::uint8_t { given, open };  // --yes

using line_source = std::function<std::string()>;

// Asks on standard error when standard input is a terminal and the assent is open. Throws failure
// (not_confirmed) unless the answer is y or yes.
void confirm(std::string_view what, assent given);

// The rule itself. `answer` is called at most once.
bool is_confirmed(assent given, stream_kind standard_input, line_source const& answer);

}  // namespace gatehouse::ctl
