// Between configured endpoints, socket addresses and peer addresses.
#pragma once

#include "base/address.h"
#include "config/model.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include <string>

namespace gatehouse {

boost::asio::ip::tcp::endpoint to_socket_address(config::endpoint const& from);
boost::asio::ip::udp::endpoint to_datagram_address(config::endpoint const& from);

peer_address to_peer(boost::asio::ip::tcp::endpoint const& from);

// "127.0.0.1:9000", "[::]:9000".
std::string to_text(boost::asio::ip::tcp::endpoint const& from);
std::string to_text(boost::asio::ip::udp::endpoint const& from);

}  // namespace gatehouse
