// The one place that names executors, tokens and socket types (docs/decisions/0001 and 0002).
//
// Coroutines are named functions with value parameters; a `co_await` expression holds names and
// calls only, because g++ 12 destroys temporaries of richer ones twice (docs/style.md,
// "Coroutines").
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_datagram_socket.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>

namespace gatehouse {

using executor = boost::asio::io_context::executor_type;
using task = boost::asio::awaitable<void, executor>;

// Operations complete with a tuple [error, ...] and never throw.
inline constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<executor>> awaiting{};

using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor>;
using tcp_acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, executor>;
using udp_socket = boost::asio::basic_datagram_socket<boost::asio::ip::udp, executor>;
using local_socket =
    boost::asio::basic_stream_socket<boost::asio::local::stream_protocol, executor>;
using steady_timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock,
    boost::asio::wait_traits<std::chrono::steady_clock>,
    executor>;

// The end of a spawned task: nothing may escape from one, so what does ends the process.
struct task_ended {
    void operator()(std::exception_ptr const& escaped) const
    {
        if (escaped)
            std::rethrow_exception(escaped);
    }
};

}  // namespace gatehouse
