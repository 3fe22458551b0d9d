// What ends a command without success.
#pragma once

#include "wiping_memory.h"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::ctl {

// The command line is wrong: the program says so and exits with 2. The text never holds the value
// of an option, which may be a secret that was written by mistake.
struct usage_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Refused or failed: exit 1. `code` is the daemon's, or one of the program's own: no_daemon,
// forbidden, timeout, bad_answer, failed, not_confirmed.
struct failure : std::runtime_error {
    failure(std::string_view what_kind, std::string const& text)
        : std::runtime_error{text}
        , code{what_kind}
    {
    }

    std::string code;
    std::vector<std::string> problems;  // FILE:LINE:COL: text
    wiped_string document;              // the daemon's own words, when there are any
};

}  // namespace gatehouse::ctl
