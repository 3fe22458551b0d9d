// Where the gateway is: `--connect`.
#pragma once

#include "arguments.h"

#include <boost/asio/ip/tcp.hpp>

namespace gatehouse::sim {

// "IP:PORT" or "HOST:PORT"; of a host's addresses the first IPv4 one, else the first. What a name
// stands for is said on standard error. Throws usage_error for what is neither, and runtime_error
// for a host that is not known.
boost::asio::ip::tcp::endpoint read_gateway(arguments const& given);

}  // namespace gatehouse::sim
