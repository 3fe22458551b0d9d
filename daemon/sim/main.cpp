// gatehouse-sim: devices to simulate.
#include "arguments.h"
#include "crypto/library.h"
#include "interactive_command.h"
#include "load_command.h"
#include "request_command.h"
#include "send_command.h"
#include "version.h"

#include <array>
#include <exception>
#include <iostream>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse::sim {

namespace {

struct command {
    std::string_view name;
    int (*run)(std::span<char const* const> words);
    std::string (*usage)();
};

constexpr std::array<command, 4> commands{{
    {"send", run_send, send_usage},
    {"interactive", run_interactive, interactive_usage},
    {"load", run_load, load_usage},
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
    return !words.empty() &&
           (words[0] == std::string_view{"--help"} || words[0] == std::string_view{"-h"});
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
        std::cerr << "gatehouse-sim: " << wrong.what() << "\nusage: " << chosen.usage();
        return 2;
    }
}

int run(std::span<char const* const> words)
{
    if (asks_for_help(words)) {
        std::cout << whole_usage();
        return 0;
    }
    std::string_view const name = words.empty() ? std::string_view{} : words[0];
    if (name == "--version") {
        std::cout << "gatehouse-sim " << version << "\nOpenSSL " << crypto::library_version()
                  << '\n'
                  << build_facts << '\n';
        return 0;
    }
    for (auto const& each : commands)
        if (each.name == name)
            return run_command(each, words.subspan(1));
    std::cerr << "gatehouse-sim: a command was expected\n" << whole_usage();
    return 2;
}

}  // namespace

}  // namespace gatehouse::sim

int main(int argc, char** argv)
{
    std::span<char const* const> const words{argv, static_cast<std::size_t>(argc)};
    try {
        return gatehouse::sim::run(words.subspan(words.empty() ? 0 : 1));
    } catch (std::exception const& failure) {
        std::cerr << "gatehouse-sim: " << failure.what() << '\n';
        return 1;
    }
}
