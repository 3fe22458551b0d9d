#include "request_options.h"

#include "device/pssst_device.h"
#include "gateway_address.h"
#include "net/limits.h"
#include "option_values.h"
#include "protocols.h"

#include <algorithm>
#include <array>

namespace gatehouse::sim {

namespace {

constexpr std::array options{
    option{"--connect", "HOST:PORT", "where the gateway listens"},
    option{"--gateway-key", "KEY", "the gateway's public key: hex:, base64: or file:"},
    option{"--key", "SECRET", "the device's private key (default: anonymous requests)"},
    option{"--message", "TEXT", "what to send (default: a text of --size bytes)"},
    option{"--size", "BYTES", "of the message, instead of --message (default 16)"},
    option{"--lines", "", "each line of standard input is a message"},
    option{"--count", "N", "how many requests (default 1)"},
    option{"--rate", "R/s", "requests begun a second (default: no limit)"},
    option{"--under-way", "N", "requests that wait for their reply at once (default 1)"},
    option{
        "--retry", "TIME", "then the same packet again, twice as long each time (default 500ms)"},
    option{"--tries", "N", "how often a packet is sent at most (default 6)"},
    option{"--loss", "PERCENT", "datagrams that are lost, each way (default 0)"},
    option{"--duplicate", "PERCENT", "that come once more, up to 200 ms later (default 0)"},
    option{"--reorder", "PERCENT", "that come up to 200 ms late (default 0)"},
    option{"--seed", "N", "which datagrams those are (default 1)"},
    option{"--report", "", "print figures instead of the replies"},
    option{"--json", "", "print the figures as one JSON document"},
};

std::string read_message(arguments const& given, std::size_t overhead)
{
    for (auto const* other : {"--size", "--lines"})
        if (given.has("--message") && given.has(other))
            throw usage_error{"--message and " + std::string{other} + " exclude each other"};
    auto const most = net_limits::largest_datagram - overhead;
    std::string message(read_size(given, "--size", 16, {0, most}), 'x');
    if (auto const text = given.text("--message"))
        message = *text;
    if (message.size() > most)
        throw usage_error{"--message is too long: at most " + std::to_string(most) + " bytes"};
    return message;
}

constexpr std::array transports{transport::udp};

}  // namespace

device_protocol const pssst_devices{
    .name = "pssst",
    .transports = transports,
    .speaks = exchange::requests,
};

request_options read_request_options(arguments const& given)
{
    constexpr std::uint64_t many = std::numeric_limits<std::uint32_t>::max();
    request_options read;
    read.gateway = read_gateway(given);
    read.gateway_key = read_public_key(given, "--gateway-key");
    if (given.has("--key"))
        read.own_key = read_private_key(given, "--key");
    read.message = read_message(
        given,
        read.own_key ? device::pssst_device::authenticated_overhead
                     : device::pssst_device::anonymous_overhead
    );
    read.lines = given.has("--lines");
    read.count = read_number(given, "--count", read.lines ? many : 1, {1, many});
    read.rate = read_rate(given, "--rate", read.rate);
    read.under_way = read_number(given, "--under-way", 1, {1, 100'000});
    read.retry = read_duration(given, "--retry", std::chrono::milliseconds{500});
    read.tries = static_cast<unsigned>(read_number(given, "--tries", 6, {1, 16}));
    read.path.loss = read_share(given, "--loss");
    read.path.duplicate = read_share(given, "--duplicate");
    read.path.reorder = read_share(given, "--reorder");
    read.path.seed = read_number(given, "--seed", 1, {0, many});
    if (given.has("--report"))
        read.output = request_output::report;
    if (given.has("--json"))
        read.output = request_output::json;
    return read;
}

std::span<option const> request_option_table() noexcept
{
    return options;
}

}  // namespace gatehouse::sim
