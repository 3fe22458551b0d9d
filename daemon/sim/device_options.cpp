#include "device_options.h"

#include "gateway_address.h"
#include "net/endpoints.h"
#include "option_values.h"
#include "protocols.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace gatehouse::sim {

namespace {

transport read_transport(arguments const& given, device_protocol const& of)
{
    auto const name = given.text("--transport");
    if (!name)
        return of.transports.front();
    if (*name != "tcp" && *name != "udp")
        throw usage_error{"--transport must be tcp or udp"};
    auto const wanted = *name == "udp" ? transport::udp : transport::tcp;
    if (std::find(of.transports.begin(), of.transports.end(), wanted) == of.transports.end())
        throw usage_error{std::string{of.name} + " is not spoken over " + std::string{*name}};
    return wanted;
}

void read_udp_options(arguments const& given, device_options& read)
{
    for (auto const* name : {"--loss", "--duplicate", "--reorder", "--seed", "--rebind-every"})
        if (read.over != transport::udp && given.has(name))
            throw usage_error{std::string{name} + " is for --transport udp"};
    read.path.loss = read_share(given, "--loss");
    read.path.duplicate = read_share(given, "--duplicate");
    read.path.reorder = read_share(given, "--reorder");
    read.path.seed =
        read_number(given, "--seed", 1, {0, std::numeric_limits<std::uint64_t>::max()});
    read.rebind = read_duration(given, "--rebind-every", duration::zero());
}

}  // namespace

std::vector<option> device_options_and(std::span<option const> own)
{
    std::vector<option> made{
        {"--connect", "HOST:PORT", "where the gateway listens"},
        {"--protocol", "NAME", session_protocol_names()},
        {"--transport", "NAME", "tcp or udp, if the protocol has both (default tcp)"},
        {"--timeout", "TIME", "for connecting, the handshake and each reply (default 5s)"},
        {"--loss", "PERCENT", "udp: datagrams that are lost, each way (default 0)"},
        {"--duplicate", "PERCENT", "udp: that come once more, up to 200 ms later (default 0)"},
        {"--reorder", "PERCENT", "udp: that come up to 200 ms late (default 0)"},
        {"--seed", "N", "udp: which datagrams those are (default 1)"},
        {"--rebind-every", "TIME", "udp: a new local address this often, 0 = never (default 0)"},
    };
    made.insert(made.end(), own.begin(), own.end());
    return made;
}

device_options read_device_options(arguments const& given, device_count count)
{
    device_options read;
    read.count = count;
    read.gateway = read_gateway(given);
    auto const& protocol = read_protocol(given, options_for(count));
    read.over = read_transport(given, protocol);
    auto const where = to_text(read.gateway);
    read.kind = protocol.read({given, count, read.over, where});
    read_udp_options(given, read);
    read.timeout = read_duration(given, "--timeout", std::chrono::seconds{5});
    if (read.timeout == duration::zero())
        throw usage_error{"--timeout must be more than nothing"};
    return read;
}

}  // namespace gatehouse::sim
