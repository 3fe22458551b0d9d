#include "credentials_command.h"

#include "option_values.h"
#include "protocols.h"

#include <iostream>

namespace gatehouse::sim {

namespace {

constexpr std::uint64_t most_devices = 1'000'000;

std::vector<option> common_options()
{
    return {
        {"--protocol", "NAME", session_protocol_names()},
        {"--devices", "N", "how many devices"},
    };
}

}  // namespace

int run_credentials(std::span<char const* const> words)
{
    arguments const given{words, with_protocols(common_options(), option_set::credentials)};
    given.required("--devices");
    auto const count =
        static_cast<std::uint32_t>(read_number(given, "--devices", 1, {1, most_devices}));
    read_protocol(given, option_set::credentials).write_credentials(given, count, std::cout);
    std::cout << std::flush;
    return 0;
}

std::string credentials_usage()
{
    return usage_lines("credentials", " --devices N", option_set::credentials) +
           "  Prints the credential file that admits the devices of load with the same options.\n" +
           describe_with_protocols(common_options(), option_set::credentials);
}

}  // namespace gatehouse::sim
