#include "net/stream_listener.h"

#include "net/endpoints.h"
#include "net/limits.h"
#include "net/log.h"
#include "net/session_report.h"
#include "net/stream_connection.h"
#include "net/worker.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include <utility>

namespace gatehouse {

namespace {

namespace errc = boost::system::errc;

bool is_shortage(boost::system::error_code failure)
{
    return is_of_descriptors(failure) || failure == errc::no_buffer_space ||
           failure == errc::not_enough_memory;
}

}  // namespace

bound_acceptor bind_stream(
    boost::asio::io_context& context, boost::asio::ip::tcp::endpoint const& at, port_sharing sharing
)
{
    using reuse_port = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    bound_acceptor made{tcp_acceptor{context.get_executor()}, {}};
    auto& acceptor = made.acceptor;
    auto& failure = made.failure;
    acceptor.open(at.protocol(), failure);
    if (!failure)
        acceptor.set_option(tcp_acceptor::reuse_address{true}, failure);
    if (!failure && sharing == port_sharing::with_workers)
        acceptor.set_option(reuse_port{true}, failure);
    if (!failure && at.address().is_v6())
        acceptor.set_option(boost::asio::ip::v6_only{!at.address().is_unspecified()}, failure);
    if (!failure)
        acceptor.bind(at, failure);
    if (!failure && sharing == port_sharing::none)
        acceptor.listen(net_limits::accept_backlog, failure);
    return made;
}

stream_listener::stream_listener(worker& owner, listener_runtime& runtime, socket_use socket)
    : owner_{owner}
    , runtime_{&runtime}
    , use_{std::move(socket)}
    , acceptor_{owner.context().get_executor()}
    , pause_{owner.context().get_executor()}
{
}

stream_listener::~stream_listener()
{
    stop();
}

void stream_listener::start()
{
    auto const version =
        use_.sockets().is_v6() ? boost::asio::ip::tcp::v6() : boost::asio::ip::tcp::v4();
    boost::system::error_code failure;
    acceptor_.assign(version, use_.handle(), failure);
    if (failure)
        log::write(
            log::level::error,
            "cannot accept",
            {{"listener", runtime_->config.name}, {"detail", failure.message()}}
        );
    boost::asio::co_spawn(owner_.context().get_executor(), accept_loop(*this), task_ended{});
}

void stream_listener::stop()
{
    stopping_ = true;
    boost::system::error_code ignored;
    if (acceptor_.is_open())
        static_cast<void>(acceptor_.release(ignored));
    use_.end();
    pause_.cancel();
}

void stream_listener::stop_for(listener_runtime& next)
{
    has_heir_ = true;
    serve(next);
    boost::system::error_code failure;
    acceptor_.non_blocking(true, failure);
    while (!failure) {
        tcp_socket waiting{owner_.context().get_executor()};
        acceptor_.accept(waiting, failure);
        if (!failure)
            take(std::move(waiting));
    }
    stop();
}

// The kernel's queue holds the connection until there is room. Who has proven nothing makes way at
// once; when there is nobody, some time has to pass.
after_accept stream_listener::on_shortage(boost::system::error_code failure)
{
    if (owner_.free_descriptor({}) && is_of_descriptors(failure))
        return after_accept::go_on;
    owner_.ask_for_descriptors({});
    auto const left_out =
        owner_.sampler().allow(owner_.now(), error::resource_descriptors, runtime_->index);
    if (left_out)
        log::write(
            log::level::error,
            "cannot accept",
            {{"listener", runtime_->config.name},
             {"detail", failure.message()},
             log::field::if_any("suppressed", *left_out)}
        );
    return after_accept::pause;
}

after_accept stream_listener::on_accept(boost::system::error_code failure, tcp_socket socket)
{
    if (stopping_ && (failure || !has_heir_))
        return after_accept::go_on;
    owner_.tick();
    if (failure && is_shortage(failure))
        return on_shortage(failure);
    // One connection may die while it waits; anything else must not spin.
    if (failure)
        return failure == boost::asio::error::connection_aborted ? after_accept::go_on
                                                                 : after_accept::pause;
    take(std::move(socket));
    return after_accept::go_on;
}

void stream_listener::on_accept_thrown() noexcept
{
    try {
        owner_.tick();
        session_report{*runtime_, {}}.refused(
            owner_.sampler(), owner_.now(), {error::resource_memory, {}}
        );
    } catch (std::exception const&) {
        // It is counted; a line of the log has no memory either.
        return;
    }
}

void stream_listener::take(tcp_socket socket)
{
    boost::system::error_code failure;
    socket.set_option(boost::asio::ip::tcp::no_delay{true}, failure);
    auto const remote = socket.remote_endpoint(failure);
    if (failure)
        return;
    auto const peer = to_peer(remote);
    if (runtime_->descriptors->used_up() && !owner_.free_descriptor(peer)) {
        session_report{*runtime_, peer}.refused(
            owner_.sampler(), owner_.now(), {error::resource_descriptors, {}}
        );
        owner_.ask_for_descriptors(peer);
        return;
    }
    owner_.adopt(*runtime_, std::move(socket), peer);
}

}  // namespace gatehouse
