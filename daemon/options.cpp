#include "options.h"

#include "config/complaints.h"
#include "config/nearest_word.h"

#include <array>
#include <string_view>

namespace gatehouse {

char const* const usage_text =
    "usage: gatehoused --config FILE [--check]\n"
    "       gatehoused --version | --help\n"
    "\n"
    "  --config FILE   the configuration (YAML)\n"
    "  --check         check the configuration, keys and permissions included, and exit\n"
    "  --version       print version and build facts, and exit\n";

namespace {

std::string problem_with(std::string_view argument)
{
    static constexpr std::array<std::string_view, 4> known{
        "--config", "--check", "--version", "--help"};
    if (argument == "--config" || argument == "-c")
        return std::string{argument} + " needs the name of a file";
    if (!argument.starts_with('-'))
        return "a configuration is named by --config FILE, not by " + config::in_quotes(argument) +
               " alone";
    auto const name = argument.substr(0, argument.find('='));
    auto const near = config::nearest_word(name, known);
    return "unknown option " + config::in_quotes(name) +
           (near.empty() ? std::string{} : "; did you mean " + std::string{near} + '?');
}

}  // namespace

options parse_options(int argc, char const* const* argv)
{
    options chosen;
    for (int i = 1; i < argc; ++i) {
        std::string_view const argument{argv[i]};
        bool const has_next = i + 1 < argc;
        if (argument == "--check")
            chosen.mode = run_mode::check;
        else if (argument == "--version" || argument == "-V")
            return {run_mode::version, {}, {}};
        else if (argument == "--help" || argument == "-h")
            return {run_mode::help, {}, {}};
        else if ((argument == "--config" || argument == "-c") && has_next)
            chosen.config_file = argv[++i];
        else if (argument.starts_with("--config="))
            chosen.config_file = argument.substr(std::string_view{"--config="}.size());
        else if (chosen.problem.empty())
            chosen.problem = problem_with(argument);
    }
    if (chosen.problem.empty() && chosen.config_file.empty())
        chosen.problem = "--config FILE is missing";
    return chosen;
}

}  // namespace gatehouse
