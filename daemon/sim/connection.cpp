#include "connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

namespace gatehouse::sim {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

// The port is chosen when connecting, so that it need only be unique towards this gateway.
error_code bind_address(tcp_socket& socket, boost::asio::ip::address const& source)
{
    int const yes = 1;
    if (::setsockopt(
            socket.native_handle(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes
        ) != 0)
        return {errno, boost::system::system_category()};
    error_code failed;
    socket.bind({source, 0}, failed);
    return failed;
}

}  // namespace

connection::connection(
    executor const& where, toolbox& tools, std::unique_ptr<device::stream_device> device
)
    : socket_{where}
    , tools_{tools}
    , device_{std::move(device)}
{
}

failure connection::open(
    tcp::endpoint const& gateway, std::optional<boost::asio::ip::address> const& source
)
{
    error_code failed;
    socket_.open(gateway.protocol(), failed);
    if (!failed)
        socket_.non_blocking(true, failed);
    if (!failed)
        socket_.set_option(tcp::no_delay{true}, failed);
    if (!failed && source)
        failed = bind_address(socket_, *source);
    return failed ? failure::network(failed) : failure{};
}

failure connection::take(time_point now)
{
    mutable_bytes const buffer{tools_.read_buffer};
    std::copy(partial_.begin(), partial_.end(), buffer.begin());
    auto const space = buffer.subspan(partial_.size());
    error_code failed;
    auto const got = socket_.read_some(boost::asio::buffer(space.data(), space.size()), failed);
    if (failed == boost::asio::error::would_block)
        return {};
    if (failed)
        return failure::network(failed);
    auto const all = buffer.first(partial_.size() + got);
    auto const consumed = device_->receive(now, all, tools_.out);
    if (!consumed)
        return failure::refused(consumed.error());
    auto const rest = all.subspan(*consumed);
    partial_.assign(rest.begin(), rest.end());
    if (partial_.empty())
        partial_.shrink_to_fit();
    if (device_->dismissed())
        return failure::dismissed(device_->dismissal());
    return {};
}

failure connection::write(bytes data, std::size_t& written)
{
    written = 0;
    if (data.empty())
        return {};
    error_code failed;
    written = socket_.write_some(boost::asio::buffer(data.data(), data.size()), failed);
    if (failed && failed != boost::asio::error::would_block)
        return failure::network(failed);
    return {};
}

failure connection::flush()
{
    auto const fresh = tools_.out.wire.all();
    std::size_t written = 0;
    failure wrong;
    if (backlog_.empty()) {
        wrong = write(fresh, written);
        auto const rest = fresh.subspan(written);
        backlog_.assign(rest.begin(), rest.end());
    } else {
        backlog_.insert(backlog_.end(), fresh.begin(), fresh.end());
        wrong = write(backlog_, written);
        backlog_.erase(backlog_.begin(), backlog_.begin() + static_cast<std::ptrdiff_t>(written));
    }
    if (backlog_.empty())
        backlog_.shrink_to_fit();
    tools_.out.clear();
    return wrong;
}

void connection::finish_sending() noexcept
{
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void connection::close() noexcept
{
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace gatehouse::sim
