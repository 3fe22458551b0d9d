#include "gateway_address.h"

#include "config/values.h"
#include "net/endpoints.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <string>

namespace gatehouse::sim {

namespace {

using boost::asio::ip::tcp;

tcp::endpoint look_up(std::string const& host, std::uint16_t port)
{
    boost::asio::io_context context;
    boost::system::error_code failed;
    auto const found = tcp::resolver{context}.resolve(host, std::to_string(port), failed);
    if (failed || found.empty())
        throw std::runtime_error{"--connect: " + host + ": " + failed.message()};
    auto const four = std::find_if(found.begin(), found.end(), [](auto const& each) {
        return each.endpoint().address().is_v4();
    });
    return four == found.end() ? found.begin()->endpoint() : four->endpoint();
}

}  // namespace

tcp::endpoint read_gateway(arguments const& given)
{
    auto const written = config::parse_endpoint(given.required("--connect"));
    if (!written || written->port == 0)
        throw usage_error{
            "--connect must be an address or a host, and a port, such as 127.0.0.1:9000"};
    if (written->name.empty())
        return to_socket_address(*written);
    auto found = look_up(written->name, written->port);
    std::cerr << "gatehouse-sim: " << written->name << " is " << to_text(found) << '\n';
    return found;
}

}  // namespace gatehouse::sim
