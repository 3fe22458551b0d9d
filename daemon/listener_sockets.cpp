#include "listener_sockets.h"

#include "net/endpoints.h"
#include "net/log.h"
#include "net/protocol_host.h"

#include <utility>

namespace gatehouse {

namespace {

using failure_code = boost::system::error_code;

// As for streams, and the kernel is told which worker a datagram is for.
failure_code bind_datagrams(
    config::listener const& listener,
    std::deque<std::unique_ptr<worker>> const& workers,
    port_owner present,
    listener_sockets& into
)
{
    auto address = to_datagram_address(listener.bind);
    socket_buffers const wanted{listener.udp.receive_buffer, listener.udp.send_buffer};
    if (present == port_owner::nobody) {
        auto const alone = gatehouse::bind_datagrams(
            workers.front()->context(), address, port_sharing::none, wanted
        );
        if (alone.failure)
            return alone.failure;
    }
    for (auto const& one : workers) {
        auto bound =
            gatehouse::bind_datagrams(one->context(), address, port_sharing::with_workers, wanted);
        if (bound.failure)
            return bound.failure;
        address.port(bound.socket.local_endpoint().port());
        into.granted = bound.granted;
        if (one == workers.back() && workers.size() > 1)
            into.steering = steer_datagrams(
                bound.socket.native_handle(), steering_of(listener), workers.size()
            );
        into.datagrams.push_back(std::move(bound.socket));
    }
    into.address = to_text(address);
    return {};
}

// The kernel spreads connections over the workers.
failure_code bind_streams(
    config::listener const& listener,
    std::deque<std::unique_ptr<worker>> const& workers,
    port_owner present,
    listener_sockets& into
)
{
    auto address = to_socket_address(listener.bind);
    if (present == port_owner::nobody) {
        auto const alone = bind_stream(workers.front()->context(), address, port_sharing::none);
        if (alone.failure)
            return alone.failure;
    }
    for (auto const& one : workers) {
        auto bound = bind_stream(one->context(), address, port_sharing::with_workers);
        if (bound.failure)
            return bound.failure;
        address.port(bound.acceptor.local_endpoint().port());
        into.streams.push_back(std::move(bound.acceptor));
    }
    into.address = to_text(address);
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

std::optional<listener_sockets> bind_listener(
    config::listener const& listener,
    std::deque<std::unique_ptr<worker>> const& workers,
    port_owner present,
    std::string& why
)
{
    listener_sockets made;
    bool const is_udp = listener.transport == config::transport::udp;
    auto const failure = is_udp ? bind_datagrams(listener, workers, present, made)
                                : bind_streams(listener, workers, present, made);
    if (!failure)
        return made;
    log_cannot_bind(listener.name, listener.bind, failure);
    why = "listener \"" + listener.name + "\" cannot be bound to " + listener.bind.ip + " port " +
          std::to_string(listener.bind.port) +
          (listener.bind.name.empty() ? "" : " (" + listener.bind.name + ')') + ": " +
          failure.message();
    return std::nullopt;
}

void report_listening(config::listener const& listener, listener_sockets const& bound)
{
    bool const is_udp = listener.transport == config::transport::udp;
    log::write(
        log::level::info,
        "listening",
        {{"listener", listener.name},
         {"protocol", config::name_of(listener.protocol)},
         {"transport", is_udp ? "udp" : "tcp"},
         {"address", bound.address},
         {"bind", listener.bind.written()},
         log::field::if_any("receive_buffer", bound.granted.receive),
         log::field::if_any("send_buffer", bound.granted.send)}
    );
    if (bound.steering != 0)
        log::write(
            log::level::warn,
            "kernel does not steer datagrams",
            {{"listener", listener.name},
             {"detail",
              failure_code{bound.steering, boost::system::system_category()}.message() +
                  ": workers hand them over to each other"}}
        );
    auto const& wanted = listener.udp;
    bool const small =
        bound.granted.receive < wanted.receive_buffer || bound.granted.send < wanted.send_buffer;
    if (is_udp && small)
        log::write(
            log::level::warn,
            "socket buffer is smaller than asked for",
            {{"listener", listener.name},
             {"receive_buffer", bound.granted.receive},
             {"send_buffer", bound.granted.send},
             {"detail", "raise net.core.rmem_max and net.core.wmem_max, or lower the setting"}}
        );
}

}  // namespace gatehouse
