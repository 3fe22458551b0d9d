#include "admin_client.h"

#include "document.h"
#include "failure.h"
#include "refused_connection.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <sstream>
#include <string>

#include <sys/socket.h>

namespace gatehouse::ctl {

namespace {

namespace http = boost::beast::http;
using local = boost::asio::local::stream_protocol;
using body = http::basic_string_body<char, std::char_traits<char>, wiping_allocator<char>>;
using request = http::request<body>;
using buffer = boost::beast::basic_flat_buffer<wiping_allocator<char>>;
using stream = boost::beast::basic_stream<local, boost::asio::io_context::executor_type>;
using boost::system::error_code;

// An export of a million devices is a third of it.
constexpr std::uint64_t answer_limit = std::uint64_t{512} << 20;

http::verb method_of(verb how)
{
    switch (how) {
    case verb::post:
        return http::verb::post;
    case verb::put:
        return http::verb::put;
    case verb::remove:
        return http::verb::delete_;
    case verb::get:
        break;
    }
    return http::verb::get;
}

request make_request(question const& asked)
{
    request made{method_of(asked.how), asked.target, 11};
    made.set(http::field::host, "gatehouse");
    made.set(http::field::accept, "application/json");
    made.keep_alive(false);
    if (asked.how == verb::post || asked.how == verb::put) {
        made.set(
            http::field::content_type,
            boost::beast::string_view{asked.media_type.data(), asked.media_type.size()}
        );
        made.body() = asked.body;
    }
    made.prepare_payload();
    return made;
}

// At once or not at all: Asio waits for a Unix socket whose queue is full as for a TCP one, and
// then takes it for connected.
void connect(stream& connection, std::string const& path)
{
    error_code wrong;
    connection.socket().open(local{}, wrong);
    if (!wrong)
        connection.socket().non_blocking(true, wrong);
    if (wrong)
        throw failure{"failed", "a socket cannot be made: " + wrong.message()};
    if (path.size() >= sizeof(::sockaddr_un::sun_path))
        throw failure{"no_daemon", "no daemon at " + path + ": the path is too long for a socket"};
    local::endpoint const where{path};
    auto const descriptor = connection.socket().native_handle();
    auto const size = static_cast<::socklen_t>(where.size());
    if (::connect(descriptor, where.data(), size) != 0)
        throw refused_connection(path, errno);
}

// As it was asked for, with its parts of a second.
std::string seconds_text(std::chrono::duration<double> patience)
{
    std::ostringstream text;
    text << patience.count() << 's';
    return text.str();
}

[[noreturn]] void refuse_exchange(admin_door const& door, error_code const& wrong)
{
    if (wrong == boost::beast::error::timeout)
        throw failure{
            "timeout",
            "the daemon at " + door.socket + " did not answer within " +
                seconds_text(door.patience)};
    if (wrong == http::error::end_of_stream || wrong == boost::asio::error::eof ||
        wrong == boost::asio::error::connection_reset || wrong == boost::asio::error::broken_pipe)
        throw failure{
            "no_answer", "the daemon at " + door.socket + " closed the connection unanswered"};
    throw failure{
        "bad_answer",
        "what answers at " + door.socket + " is no gatehouse daemon: " + wrong.message()};
}

class exchange {
public:
    explicit exchange(admin_door const& door) : connection_{context_.get_executor()}
    {
        connect(connection_, door.socket);
        connection_.expires_after(door.patience);
        answer_.body_limit(answer_limit);
    }

    error_code write(request const& asked)
    {
        http::request_serializer<body> serializer{asked};
        error_code outcome;
        http::async_write(connection_, serializer, [&](error_code const& wrong, std::size_t) {
            outcome = wrong;
        });
        context_.run();
        context_.restart();
        return outcome;
    }

    error_code read()
    {
        error_code outcome;
        http::async_read(connection_, buffer_, answer_, [&](error_code const& wrong, std::size_t) {
            outcome = wrong;
        });
        context_.run();
        context_.restart();
        return outcome;
    }

    http::response<body>& answer() { return answer_.get(); }

private:
    boost::asio::io_context context_{1};
    stream connection_;
    buffer buffer_;
    http::response_parser<body> answer_;
};

std::string problem_text(boost::json::object const& from)
{
    return position_of_problem(from) + ": " + std::string{text_in(from, "text")};
}

[[noreturn]] void refuse(unsigned status, wiped_string const& body_text)
{
    failure made{"bad_answer", "the daemon answered " + std::to_string(status) + " and not why"};
    boost::json::object document;
    try {
        document = parse_document(body_text);
    } catch (failure const&) {
        throw failure{made};
    }
    auto const& reason = object_in(document, "error");
    if (text_in(reason, "message").empty())
        throw failure{made};
    failure refused{text_in(reason, "code"), std::string{text_in(reason, "message")}};
    for (auto const& each : array_in(reason, "problems"))
        refused.problems.push_back(problem_text(as_object(each)));
    refused.document = body_text;
    throw failure{refused};
}

}  // namespace

wiped_string ask(admin_door const& door, question const& asked)
{
    exchange talk{door};
    auto const sent = make_request(asked);
    auto const unsent = talk.write(sent);
    // A daemon that refuses a large document early has answered nevertheless.
    auto const unread = unsent == boost::beast::error::timeout ? unsent : talk.read();
    if (unread)
        refuse_exchange(door, unsent ? unsent : unread);
    auto& answer = talk.answer();
    if (answer.result_int() >= 300 || answer.result_int() < 200)
        refuse(answer.result_int(), answer.body());
    return std::move(answer.body());
}

}  // namespace gatehouse::ctl
