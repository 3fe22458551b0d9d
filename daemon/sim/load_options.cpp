#include "load_options.h"

#include "option_values.h"
#include "stamp.h"

#include <array>

namespace gatehouse::sim {

namespace {

constexpr std::array own_options{
    option{"--devices", "N", "how many devices"},
    option{"--connect-rate", "R/s", "connections begun a second (default: no limit)"},
    option{"--handshakes", "N", "handshakes under way at once (default 256)"},
    option{"--message-rate", "R/s", "messages a second and device, or max (default 1/s)"},
    option{"--size", "BYTES", "of each message (default 128)"},
    option{"--hold", "TIME", "idle time, once all devices are connected (default 0)"},
    option{"--duration", "TIME", "of sending, after that (default 10s)"},
    option{"--echo", "", "the backend answers each message: measure the round trip"},
    option{"--reconnect", "", "a device that lost its session makes a new one"},
    option{"--json", "", "print the result as one JSON document"},
};

constexpr std::uint64_t most_devices = 1'000'000;
constexpr std::uint64_t most_handshakes = 100'000;

double read_message_rate(arguments const& given)
{
    if (given.text("--message-rate") == "max")
        return no_limit;
    return read_rate(given, "--message-rate", 1);
}

double read_connect_rate(arguments const& given)
{
    auto const rate = read_rate(given, "--connect-rate", no_limit);
    if (rate == 0)
        throw usage_error{"--connect-rate must be more than nothing"};
    return rate;
}

}  // namespace

std::span<option const> load_only_options() noexcept
{
    return own_options;
}

load_options read_load_options(arguments const& given)
{
    load_options read;
    read.device = read_device_options(given, device_count::many);
    given.required("--devices");
    read.devices =
        static_cast<std::uint32_t>(read_number(given, "--devices", 1, {1, most_devices}));
    read.connect_rate = read_connect_rate(given);
    read.handshakes =
        static_cast<std::uint32_t>(read_number(given, "--handshakes", 256, {1, most_handshakes}));
    read.message_rate = read_message_rate(given);
    read.echo = given.has("--echo");
    auto const limit = read.device.facts().message_limit;
    read.size = read_size(given, "--size", 128, {read.echo ? stamp_size : 0, limit});
    read.hold = read_duration(given, "--hold", duration::zero());
    read.length = read_duration(given, "--duration", std::chrono::seconds{10});
    read.reconnect = given.has("--reconnect");
    read.json = given.has("--json");
    return read;
}

}  // namespace gatehouse::sim
