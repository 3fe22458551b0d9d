#include "listener_sockets.h"

#include "config/address_overlap.h"
#include "net/endpoints.h"
#include "net/limits.h"
#include "net/log.h"
#include "net/protocol_module.h"
#include "net/stream_listener.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace gatehouse {

namespace {

using failure_code = boost::system::error_code;

// Is the port to be asked for alone first? With SO_REUSEPORT a second daemon of the same user would
// share it without a word, and take half of the fleet. Not where this daemon has it already.
enum class port_owner : std::uint8_t { nobody, this_daemon };

// Reading and writing belong to whoever uses the socket.
template <class Socket>
void keep(Socket& bound, bound_sockets& into)
{
    failure_code failure;
    into.add(bound.release(failure));
}

// The kernel spreads connections over the workers.
failure_code bind_streams(
    boost::asio::io_context& context, port_owner present, std::size_t workers, bound_sockets& into
)
{
    auto address = to_socket_address(into.at());
    if (present == port_owner::nobody) {
        auto const alone = bind_stream(context, address, port_sharing::none);
        if (alone.failure)
            return alone.failure;
    }
    for (std::size_t i = 0; i < workers; ++i) {
        auto bound = bind_stream(context, address, port_sharing::with_workers);
        if (bound.failure)
            return bound.failure;
        address.port(bound.acceptor.local_endpoint().port());
        keep(bound.acceptor, into);
    }
    into.bound_to(to_text(address), address.port());
    return {};
}

failure_code bind_datagram_sockets(
    boost::asio::io_context& context, port_owner present, std::size_t workers, bound_sockets& into
)
{
    auto address = to_datagram_address(into.at());
    if (present == port_owner::nobody) {
        auto const alone = bind_datagrams(context, address, port_sharing::none, {});
        if (alone.failure)
            return alone.failure;
    }
    for (std::size_t i = 0; i < workers; ++i) {
        auto bound = bind_datagrams(context, address, port_sharing::with_workers, {});
        if (bound.failure)
            return bound.failure;
        address.port(bound.socket.local_endpoint().port());
        keep(bound.socket, into);
    }
    into.bound_to(to_text(address), address.port());
    return {};
}

}  // namespace

void log_cannot_bind(std::string const& what, config::endpoint const& at, failure_code why)
{
    log::write(
        log::level::error,
        "cannot bind",
        {{"listener", what}, {"address", at.ip}, {"port", at.port}, {"detail", why.message()}}
    );
}

listener_sockets::listener_sockets(boost::asio::io_context& context, std::size_t workers)
    : context_{context}
    , workers_{workers}
{
}

std::shared_ptr<bound_sockets> listener_sockets::find(config::listener const& listener) const
{
    if (listener.bind.port == 0)
        return nullptr;
    auto const found = std::find_if(all_.begin(), all_.end(), [&](auto const& one) {
        return one->transport() == listener.transport && one->wanted() == listener.bind;
    });
    return found != all_.end() ? *found : nullptr;
}

// The same address would be shared without a word: that is for `find`.
bool listener_sockets::overlaps_own(config::listener const& wanted) const
{
    return std::any_of(all_.begin(), all_.end(), [&](auto const& one) {
        return one->transport() == wanted.transport && one->at() != wanted.bind &&
               config::overlap(one->at(), wanted.bind);
    });
}

listener_sockets::acquired listener_sockets::acquire(config::listener const& listener)
{
    if (auto found = find(listener))
        return {std::move(found), {}, acquired::origin::handed};
    auto const made = std::make_shared<bound_sockets>(listener.transport, listener.bind, [this] {
        boost::asio::post(context_, [this] { close_unused(); });
    });
    auto const present = overlaps_own(listener) ? port_owner::this_daemon : port_owner::nobody;
    auto const bind =
        listener.transport == config::transport::udp ? bind_datagram_sockets : bind_streams;
    if (auto const failure = bind(context_, present, workers_, *made))
        return {nullptr, failure};
    all_.push_back(made);
    return {made, {}};
}

failure_code listener_sockets::listen(bound_sockets const& sockets)
{
    if (sockets.transport() == config::transport::udp)
        return {};
    for (std::size_t i = 0; i < sockets.count(); ++i)
        if (::listen(sockets.handle(i), net_limits::accept_backlog) != 0)
            return failure_code{errno, boost::system::system_category()};
    return {};
}

// Worker n has the n-th socket that was bound, and the kernel is told by any one of them.
listener_sockets::fitting listener_sockets::fit(
    bound_sockets const& sockets, config::listener const& listener
)
{
    fitting made;
    if (sockets.transport() != config::transport::udp)
        return made;
    socket_buffers const wanted{listener.udp.receive_buffer, listener.udp.send_buffer};
    for (std::size_t i = 0; i < sockets.count(); ++i)
        made.granted = set_buffers(sockets.handle(i), wanted);
    if (sockets.count() > 1)
        made.steering = steer_datagrams(
            sockets.handle(sockets.count() - 1), module_of(listener).steering(), sockets.count()
        );
    return made;
}

void listener_sockets::close_unused()
{
    std::erase_if(all_, [](auto const& one) { return !one->used(); });
}

void report_listening(
    config::listener const& listener,
    bound_sockets const& sockets,
    listener_sockets::fitting const& fitted
)
{
    bool const is_udp = listener.transport == config::transport::udp;
    log::write(
        log::level::info,
        "listening",
        {{"listener", listener.name},
         {"protocol", listener.protocol->name()},
         {"transport", is_udp ? "udp" : "tcp"},
         {"address", sockets.text()},
         {"bind", listener.bind.written()},
         log::field::if_any("receive_buffer", fitted.granted.receive),
         log::field::if_any("send_buffer", fitted.granted.send)}
    );
    if (fitted.steering != 0)
        log::write(
            log::level::warn,
            "kernel does not steer datagrams",
            {{"listener", listener.name},
             {"detail",
              failure_code{fitted.steering, boost::system::system_category()}.message() +
                  ": workers hand them over to each other"}}
        );
    auto const& wanted = listener.udp;
    bool const small =
        fitted.granted.receive < wanted.receive_buffer || fitted.granted.send < wanted.send_buffer;
    if (is_udp && small)
        log::write(
            log::level::warn,
            "socket buffer is smaller than asked for",
            {{"listener", listener.name},
             {"receive_buffer", fitted.granted.receive},
             {"send_buffer", fitted.granted.send},
             {"detail", "raise net.core.rmem_max and net.core.wmem_max, or lower the setting"}}
        );
}

}  // namespace gatehouse
