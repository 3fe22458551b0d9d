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

std::vector<option> options_of(device_protocol const& of)
{
    return {of.credential_options.begin(), of.credential_options.end()};
}

}  // namespace

int run_credentials(std::span<char const* const> words)
{
    auto table = common_options();
    for (auto const* each : protocols())
        table.insert(table.end(), each->credential_options.begin(), each->credential_options.end());
    arguments const given{words, table};
    given.required("--devices");
    auto const count =
        static_cast<std::uint32_t>(read_number(given, "--devices", 1, {1, most_devices}));
    auto const& protocol = read_protocol(given);
    refuse_foreign(given, protocol, options_of);
    protocol.write_credentials(given, count, std::cout);
    std::cout << std::flush;
    return 0;
}

std::string credentials_usage()
{
    return usage_lines(
               {"gatehouse-sim credentials",
                "",
                " --devices N",
                &device_protocol::credential_required}
           ) +
           "  Prints the credential file that admits the devices of load with the same options.\n" +
           describe(common_options()) + describe_own(options_of);
}

}  // namespace gatehouse::sim
