#include "stream_link.h"

#include "session.h"
#include "source_address.h"
#include "spawn.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include <netinet/in.h>
#include <sys/socket.h>

namespace gatehouse::sim {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds blocked_pause{2};

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

// The link may be gone behind its last word.
task drive(stream_link* link)
{
    auto& socket = link->socket_;
    auto const& gateway = link->run_.device.gateway;
    auto const [refused] = co_await socket.async_connect(gateway, awaiting);
    link->run_.wake();
    if (!link->closed_)
        link->session_.connected(refused ? failure::network(refused) : failure{});
    while (!link->closed_) {
        auto const [broken] = co_await socket.async_wait(tcp_socket::wait_read, awaiting);
        link->run_.wake();
        link->readable(broken);
    }
    link->session_.closed(link->why_);
}

stream_link::stream_link(run_environment& run, session& of, std::uint32_t index)
    : run_{run}
    , session_{of}
    , socket_{run.where}
    , device_{run.device.kind->make_stream(index)}
    , index_{index}
{
}

failure stream_link::open()
{
    auto const& gateway = run_.device.gateway;
    auto const source =
        source_address(gateway.address(), index_, run_.device.facts().devices_an_address);
    error_code failed;
    socket_.open(gateway.protocol(), failed);
    if (!failed)
        socket_.non_blocking(true, failed);
    if (!failed)
        socket_.set_option(tcp::no_delay{true}, failed);
    if (!failed && source)
        failed = bind_address(socket_, *source);
    if (!failed)
        spawn(run_.where, drive(this));
    else
        closed_ = true;
    return failed ? failure::network(failed) : failure{};
}

void stream_link::readable(error_code const& broken)
{
    if (!closed_)
        session_.heard(broken ? failure::network(broken) : take());
}

failure stream_link::take()
{
    mutable_bytes const buffer{run_.read_buffer};
    std::copy(partial_.begin(), partial_.end(), buffer.begin());
    auto const space = buffer.subspan(partial_.size());
    error_code failed;
    auto const got = socket_.read_some(boost::asio::buffer(space.data(), space.size()), failed);
    if (failed == boost::asio::error::would_block)
        return {};
    if (failed)
        return failure::network(failed);
    auto const all = buffer.first(partial_.size() + got);
    auto const consumed = device_->receive(run_.now, all, run_.out);
    if (!consumed)
        return failure::refused(consumed.error());
    auto const rest = all.subspan(*consumed);
    partial_.assign(rest.begin(), rest.end());
    if (partial_.empty())
        partial_.shrink_to_fit();
    return {};
}

failure stream_link::write(bytes data, std::size_t& written)
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

// What the gateway said before it closed can still be read, so a close is no failure here.
failure stream_link::flush()
{
    auto const fresh = run_.out.wire.all();
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
    run_.out.clear();
    if (leaving_ && !blocked()) {
        error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
    }
    return wrong.what() == failure::kind::closed ? failure{} : wrong;
}

time_point stream_link::due() const
{
    return backlog_.empty() ? never : later(run_.now, blocked_pause);
}

// Behind goodbye the gateway sees the end of the stream.
result<> stream_link::bye()
{
    leaving_ = true;
    return device_->bye(run_.out);
}

// The coroutine's wait ends with an error, and the coroutine with it.
link::closing stream_link::close(failure const& why) noexcept
{
    if (closed_)
        return closing::done;
    why_ = why;
    closed_ = true;
    error_code ignored;
    socket_.close(ignored);
    return closing::under_way;
}

}  // namespace gatehouse::sim
