// What is wrong with a file, and where.
#pragma once

#include <string>
#include <vector>

namespace gatehouse::config {

// Line and column count from 1; 0 where the problem is the whole file.
struct problem {
    std::string file;
    int line = 0;
    int column = 0;
    std::string text;  // what is wrong and what would be right; never a secret
    // Of warnings only: under which event the log shows them, and the device they speak of.
    std::string event = {};
    std::string device = {};
};

using problems = std::vector<problem>;

// "FILE:LINE:COL: text"; a problem of the whole file is shown at 1:1, so that every line has one
// form.
std::string to_string(problem const& p);

}  // namespace gatehouse::config
