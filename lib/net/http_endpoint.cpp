#include "net/http_endpoint.h"

#include "net/limits.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <string_view>
#include <utility>

namespace gatehouse {

namespace {

namespace http = boost::beast::http;
using request = http::request<http::empty_body>;
using response = http::response<http::string_body>;
using stream = boost::beast::basic_stream<boost::asio::ip::tcp, executor>;

constexpr std::size_t request_limit = std::size_t{8} << 10;

response text_response(http::status status, std::string body)
{
    response made{status, 11};
    made.set(http::field::content_type, "text/plain; charset=utf-8");
    made.body() = std::move(body);
    return made;
}

response answer(request const& asked, http_answers const& answers)
{
    std::string_view const target{asked.target().data(), asked.target().size()};
    auto const path = target.substr(0, target.find('?'));
    if (asked.method() != http::verb::get && asked.method() != http::verb::head) {
        auto refused = text_response(http::status::method_not_allowed, "only GET and HEAD\n");
        refused.set(http::field::allow, "GET, HEAD");
        return refused;
    }
    if (path == "/metrics") {
        auto made = text_response(http::status::ok, answers.metrics());
        made.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
        return made;
    }
    if (path == "/livez")
        return text_response(http::status::ok, "ok\n");
    if (path == "/readyz")
        return answers.ready() ? text_response(http::status::ok, "ready\n")
                               : text_response(http::status::service_unavailable, "not ready\n");
    return text_response(http::status::not_found, "try /metrics, /livez or /readyz\n");
}

// A whole answer: with its length, and without its body for HEAD.
response finished(request const& asked, response made)
{
    made.keep_alive(false);
    made.prepare_payload();
    if (asked.method() == http::verb::head)
        made.body().clear();
    return made;
}

}  // namespace

task serve_http(http_endpoint& endpoint, tcp_socket socket)
{
    ++endpoint.connections_;
    stream connection{std::move(socket)};
    connection.expires_after(net_limits::http_time);
    boost::beast::flat_buffer buffer;
    http::request_parser<http::empty_body> parser;
    parser.header_limit(request_limit);
    auto const [unread, received] = co_await http::async_read(connection, buffer, parser, awaiting);
    static_cast<void>(received);
    if (!unread) {
        auto const made = finished(parser.get(), answer(parser.get(), endpoint.answers_));
        http::response_serializer<http::string_body> serializer{made};
        serializer.split(false);
        auto const [unsent, sent] = co_await http::async_write(connection, serializer, awaiting);
        static_cast<void>(unsent);
        static_cast<void>(sent);
        boost::system::error_code ignored;
        connection.socket().shutdown(tcp_socket::shutdown_send, ignored);
    }
    --endpoint.connections_;
}

task run_http_endpoint(http_endpoint& endpoint)
{
    for (;;) {
        auto [failure, socket] = co_await endpoint.acceptor_.async_accept(awaiting);
        if (failure) {
            endpoint.pause_.expires_after(net_limits::accept_pause);
            auto const [cancelled] = co_await endpoint.pause_.async_wait(awaiting);
            static_cast<void>(cancelled);
        }
        if (failure || endpoint.connections_ >= net_limits::http_connections)
            continue;
        auto const where = endpoint.context_.get_executor();
        boost::asio::co_spawn(where, serve_http(endpoint, std::move(socket)), task_ended{});
    }
}

http_endpoint::http_endpoint(
    boost::asio::io_context& context, tcp_acceptor acceptor, http_answers answers
)
    : context_{context}
    , acceptor_{std::move(acceptor)}
    , pause_{context.get_executor()}
    , answers_{std::move(answers)}
{
}

void http_endpoint::start()
{
    boost::asio::co_spawn(context_.get_executor(), run_http_endpoint(*this), task_ended{});
}

}  // namespace gatehouse
