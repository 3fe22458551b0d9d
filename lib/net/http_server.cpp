#include "net/http_server.h"

#include "net/clock.h"
#include "net/http_connection.h"
#include "net/limits.h"
#include "net/log.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <memory>
#include <utility>

namespace gatehouse {

using boost::system::error_code;
using metrics::endpoint_refusal;

namespace {

constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

// One connection from its accept to its end.
template <class Protocol>
task serve_http(std::shared_ptr<http_connection<Protocol>> one)
{
    for (bool more = true; more;) {
        if (one->begin()) {
            auto const [unread, received] = co_await http::async_read_header(
                one->stream(), one->buffer(), *one->parser, awaiting
            );
            static_cast<void>(received);
            one->on_header(unread);
        }
        if (one->wants_go_ahead()) {
            auto const text = boost::asio::buffer(go_on);
            auto const [unsent, sent] =
                co_await boost::asio::async_write(one->stream(), text, awaiting);
            static_cast<void>(unsent);
            static_cast<void>(sent);
        }
        while (one->reads_body()) {
            auto const [unread, received] = co_await http::async_read_some(
                one->stream(), one->buffer(), *one->parser, awaiting
            );
            static_cast<void>(received);
            one->on_body(unread);
        }
        if (!one->ask())
            break;
        if (!one->answered()) {
            auto const [cancelled] = co_await one->answer_comes().async_wait(awaiting);
            static_cast<void>(cancelled);
        }
        one->begin_answer();
        auto const [unsent, sent] =
            co_await http::async_write(one->stream(), *one->serializer, awaiting);
        static_cast<void>(sent);
        more = one->end_answer(unsent);
    }
    one->begin_drain();
    while (one->drains()) {
        auto const space = one->drain_space();
        auto const [unread, received] = co_await one->stream().async_read_some(space, awaiting);
        one->on_drained(unread, received);
    }
}

}  // namespace

template <class Protocol>
http_server<Protocol>::http_server(
    boost::asio::io_context& context,
    acceptor listening,
    http_service& service,
    http_options const& options
)
    : context_{context}
    , acceptor_{std::move(listening)}
    , service_{service}
    , options_{options}
    , slots_{options.bounds}
    , pause_{context.get_executor()}
{
}

template <class Protocol>
void http_server<Protocol>::start()
{
    boost::asio::co_spawn(context_.get_executor(), accept_loop(*this), task_ended{});
}

// Who may not enter takes nobody's place.
template <class Protocol>
void http_server<Protocol>::take(socket arrived)
{
    admin::requester who;
    auto const rank = service_.admit(arrived.native_handle(), who);
    if (!rank) {
        slots_.count(endpoint_refusal::forbidden);
        report(endpoint_refusal::forbidden, who);
        turn_away(std::move(arrived), http_problem::forbidden);
        return;
    }
    if (!slots_.free_capacity(*rank)) {
        report(endpoint_refusal::full, who);
        turn_away(std::move(arrived), http_problem::full);
        return;
    }
    auto const one =
        std::make_shared<http_connection<Protocol>>(*this, std::move(arrived), *rank, who);
    one->enter();
    boost::asio::co_spawn(context_.get_executor(), serve_http<Protocol>(one), task_ended{});
}

// With an answer, while few others are being told; else the socket is just closed.
template <class Protocol>
void http_server<Protocol>::turn_away(socket arrived, http_problem why)
{
    if (turned_away_ >= net_limits::http_turned_away)
        return;
    auto const one = std::make_shared<http_connection<Protocol>>(
        *this, std::move(arrived), http_guest::rank::ordinary, admin::requester{}
    );
    one->refuse(why);
    boost::asio::co_spawn(context_.get_executor(), serve_http<Protocol>(one), task_ended{});
}

// When descriptors run out, one is taken from a connection that keeps the server waiting.
template <class Protocol>
after_accept http_server<Protocol>::on_accept(error_code failure, socket arrived)
{
    if (!failure)
        take(std::move(arrived));
    else if (!is_of_descriptors(failure) || !slots_.evict_one(http_guest::rank::privileged))
        return after_accept::pause;
    return after_accept::go_on;
}

template <class Protocol>
void http_server<Protocol>::on_accept_thrown() noexcept
{
    slots_.count(endpoint_refusal::full);
}

template <class Protocol>
void http_server<Protocol>::report(endpoint_refusal why, admin::requester const& who)
{
    bool const forbidden = why == endpoint_refusal::forbidden;
    auto const kind = forbidden ? error::unproven_client : error::limit_half_open;
    auto const left_out = sampler_.allow(read_clock(), kind, static_cast<std::size_t>(why));
    if (!left_out)
        return;
    if (forbidden)
        log::write(
            log::level::warn,
            "administration refused",
            {{"endpoint", options_.name},
             {"uid", who.uid},
             {"pid", who.pid},
             log::field::if_any("suppressed", *left_out)}
        );
    else
        log::write(
            log::level::warn,
            "endpoint crowded",
            {{"endpoint", options_.name},
             {"reason", metrics::name_of(why)},
             log::field::if_any("suppressed", *left_out)}
        );
}

template class http_server<boost::asio::ip::tcp>;
template class http_server<boost::asio::local::stream_protocol>;

}  // namespace gatehouse
