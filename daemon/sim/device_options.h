// The options that every command with devices has: where the gateway is, and what speaks to it.
#pragma once

#include "arguments.h"
#include "base/time.h"
#include "device_protocol.h"
#include "rough_path.h"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gatehouse::sim {

struct device_options {
    boost::asio::ip::tcp::endpoint gateway;
    std::unique_ptr<device_kind> kind;
    duration timeout{};  // for each step: connect, handshake, reply
    device_count count = device_count::one;
    transport over = transport::tcp;
    roughness path;     // udp only
    duration rebind{};  // udp only: a new local address this often; zero: never

    device_facts const& facts() const noexcept { return kind->facts(); }
};

// Those that all commands with devices have and `own`; those of the protocols are not among them.
std::vector<option> device_options_and(std::span<option const> own);

// `given` was parsed with them and those of the protocols. Throws usage_error.
device_options read_device_options(arguments const& given, device_count count);

}  // namespace gatehouse::sim
