#include "net/endpoints.h"

namespace gatehouse {

boost::asio::ip::tcp::endpoint to_socket_address(config::endpoint const& from)
{
    return {boost::asio::ip::make_address(from.ip), from.port};
}

boost::asio::ip::udp::endpoint to_datagram_address(config::endpoint const& from)
{
    return {boost::asio::ip::make_address(from.ip), from.port};
}

peer_address to_peer(boost::asio::ip::tcp::endpoint const& from)
{
    if (from.address().is_v4())
        return peer_address::v4(from.address().to_v4().to_bytes(), from.port());
    peer_address made;
    made.ip = from.address().to_v6().to_bytes();
    made.port = from.port();
    return made;
}

std::string to_text(boost::asio::ip::tcp::endpoint const& from)
{
    return to_string(to_peer(from));
}

std::string to_text(boost::asio::ip::udp::endpoint const& from)
{
    return to_text(boost::asio::ip::tcp::endpoint{from.address(), from.port()});
}

}  // namespace gatehouse
