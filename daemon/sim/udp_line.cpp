#include "udp_line.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

namespace gatehouse::sim {

using boost::system::error_code;

failure udp_line::open(boost::asio::ip::tcp::endpoint const& gateway)
{
    boost::asio::ip::udp::endpoint const to{gateway.address(), gateway.port()};
    error_code failed;
    close();
    socket_.open(to.protocol(), failed);
    if (!failed)
        socket_.non_blocking(true, failed);
    if (!failed)
        socket_.connect(to, failed);
    return failed ? failure::network(failed) : failure{};
}

void udp_line::send(bytes datagram) noexcept
{
    error_code ignored;
    socket_.send(boost::asio::buffer(datagram.data(), datagram.size()), 0, ignored);
}

// An error is the network's word about an earlier datagram: a gateway that is not there yet may
// come.
std::optional<std::size_t> udp_line::receive(mutable_bytes into) noexcept
{
    error_code failed;
    do {
        auto const got = socket_.receive(boost::asio::buffer(into.data(), into.size()), 0, failed);
        if (!failed)
            return got;
    } while (failed == boost::asio::error::connection_refused);
    return std::nullopt;
}

void udp_line::close() noexcept
{
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace gatehouse::sim
