#include "load_command.h"

#include "descriptor_limit.h"
#include "failure.h"
#include "fleet.h"
#include "load_options.h"
#include "load_report.h"
#include "protocols.h"
#include "shared_ports.h"

#include <iostream>

namespace gatehouse::sim {

namespace {

std::uint32_t descriptors_of(load_options const& options)
{
    auto const& device = options.device;
    bool const share = device.over == transport::udp && shared_ports::reach(device.gateway);
    return share ? shared_ports::most : options.devices;
}

}  // namespace

int run_load(std::span<char const* const> words)
{
    auto const options = read_load_options(arguments{
        words, with_protocols(device_options_and(load_only_options()), option_set::many_devices)});
    if (auto const why = allow_connections(descriptors_of(options))) {
        std::cerr << "gatehouse-sim: " << *why << '\n';
        return 1;
    }
    fleet devices{options};
    devices.run();
    auto const result = devices.result();
    if (options.json)
        std::cout << report_json(options, result) << std::endl;
    else
        std::cout << report_text(options, result) << std::flush;
    if (result.devices_failed > 0 || result.counts.sessions_lost > 0)
        std::cerr << "gatehouse-sim: " << result.devices_failed
                  << (result.devices_failed == 1 ? " device" : " devices")
                  << " failed, sessions lost: " << result.counts.sessions_lost << ask_the_gateway
                  << '\n';
    bool const echoes_lost = !options.reconnect && result.counts.echoes_missing > 0;
    return result.devices_failed > 0 || echoes_lost ? 1 : 0;
}

std::string load_usage()
{
    return usage_lines("load --connect HOST:PORT", " --devices N", option_set::many_devices) +
           "  N devices connect, send for a while, say goodbye. Progress goes to standard error, "
           "the\n"
           "  result to standard output. Exit 1 when a device ended without a session.\n" +
           describe_with_protocols(
               device_options_and(load_only_options()), option_set::many_devices
           );
}

}  // namespace gatehouse::sim
