// The command line of gatehoused.
#pragma once

#include <string>

namespace gatehouse {

enum class run_mode { serve, check, version, help };

struct options {
    run_mode mode = run_mode::serve;
    std::string config_file;
    std::string problem;  // not empty: wrong usage
};

options parse_options(int argc, char const* const* argv);

extern char const* const usage_text;

}  // namespace gatehouse
