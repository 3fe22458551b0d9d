// gatehouse-sim: devices to simulate.
#include "arguments.h"
#include "config/complaints.h"
#include "config/nearest_word.h"
#include "credentials_command.h"
#include "crypto/library.h"
#include "interactive_command.h"
#include "load_command.h"
#include "process_start.h"
#include "request_command.h"
#include "send_command.h"
#include "version.h"

#include <algorithm>
#include <array>
#include <exception>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::sim {

namespace {

struct command {
    std::string_view name;
    int (*run)(std::span<char const* const> words);
    std::string (*usage)();
};

constexpr std::array<command, 5> commands{{
    {"send", run_send, send_usage},
    {"interactive", run_interactive, interactive_usage},
    {"load", run_load, load_usage},
    {"credentials", run_credentials, credentials_usage},
    {"request", run_request, request_usage},
}};

std::string whole_usage()
{
    std::string text = "usage: gatehouse-sim COMMAND [options]\n"
                       "       gatehouse-sim --version | --help | COMMAND --help\n";
    for (auto const& each : commands)
        text += '\n' + each.usage();
    return text;
}

bool asks_for_help(std::span<char const* const> words)
{
    return std::any_of(words.begin(), words.end(), [](std::string_view word) {
        return word == "--help" || word == "-h";
    });
}

// One line: help would scroll it away.
int refuse_command(std::string_view name)
{
    std::vector<std::string_view> names;
    names.reserve(std::size(commands));
    for (auto const& each : commands)
        names.push_back(each.name);
    auto const near = config::nearest_word(name, names);
    std::cerr << "gatehouse-sim: ";
    if (name.empty())
        std::cerr << "a command was expected: send, interactive, load, credentials or request";
    else
        std::cerr << "unknown command " << config::in_quotes(name);
    if (!near.empty())
        std::cerr << "; did you mean " << near << '?';
    std::cerr << " (gatehouse-sim --help says more)\n";
    return 2;
}

int run_command(command const& chosen, std::span<char const* const> words)
{
    if (asks_for_help(words)) {
        std::cout << "usage: " << chosen.usage();
        return 0;
    }
    try {
        return chosen.run(words);
    } catch (usage_error const& wrong) {
        std::cerr << "gatehouse-sim: " << wrong.what() << " (gatehouse-sim " << chosen.name
                  << " --help says more)\n";
        return 2;
    }
}

int run(std::span<char const* const> words)
{
    std::string_view const name = words.empty() ? std::string_view{} : words[0];
    if (name == "help" || asks_for_help(words.first(std::min<std::size_t>(words.size(), 1)))) {
        std::cout << whole_usage();
        return 0;
    }
    if (name == "--version") {
        std::cout << "gatehouse-sim " << version << "\nOpenSSL " << crypto::library_version()
                  << '\n'
                  << build_facts << '\n';
        return 0;
    }
    for (auto const& each : commands)
        if (each.name == name)
            return run_command(each, words.subspan(1));
    return refuse_command(name);
}

// A result that nobody got is a failure.
int with_output_written(int status)
{
    std::cout.flush();
    if (std::cout)
        return status;
    std::cerr << "gatehouse-sim: standard output cannot be written\n";
    return status == 0 ? 1 : status;
}

}  // namespace

}  // namespace gatehouse::sim

int main(int argc, char** argv)
{
    using namespace gatehouse;
    if (!settle_process(process_kind::tool))
        return 1;
    std::span<char const* const> const words{argv, static_cast<std::size_t>(argc)};
    try {
        return sim::with_output_written(sim::run(words.subspan(words.empty() ? 0 : 1)));
    } catch (std::exception const& failure) {
        std::cerr << "gatehouse-sim: " << failure.what() << '\n';
        return 1;
    }
}
