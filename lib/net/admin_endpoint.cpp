#include "net/admin_endpoint.h"

#include "net/limits.h"
#include "net/log.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <utility>
#include <vector>

#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse {

namespace {

namespace http = boost::beast::http;
using request_parser = http::request_parser<http::string_body>;
using response = http::response<http::string_body>;
using stream = boost::beast::basic_stream<boost::asio::local::stream_protocol, executor>;

constexpr std::size_t header_limit = std::size_t{16} << 10;
constexpr std::size_t body_limit = std::size_t{256} << 20;  // an import of a million devices

// An answer that may come later.
struct pending {
    explicit pending(executor const& where) : come{where, steady_timer::time_point::max()} {}

    steady_timer come;
    admin::answer made;
    bool ready = false;
};

admin::request request_of(
    http::request<http::string_body>&& asked, admin::requester who, admin::socket_kind kind
)
{
    auto const method = asked.method_string();
    auto const target = asked.target();
    return {
        {method.data(), method.size()},
        {target.data(), target.size()},
        std::move(asked.body()),
        who,
        kind,
    };
}

void ask(
    admin_endpoint::handler const& handle,
    admin::request what,
    std::shared_ptr<pending> const& waiting
)
{
    handle(std::move(what), [waiting](admin::answer made) {
        waiting->made = std::move(made);
        waiting->ready = true;
        waiting->come.cancel();
    });
}

void refuse(admin::requester const& who, pending& waiting)
{
    log::write(log::level::warn, "administration refused", {{"uid", who.uid}, {"pid", who.pid}});
    waiting.made = admin::answer_with(admin::refusal{
        403,
        "forbidden",
        "only root, the daemon's user and the configured group may use this socket",
    });
    waiting.ready = true;
}

response response_with(admin::answer&& made, unsigned version, bool keep_alive)
{
    response whole{static_cast<http::status>(made.status), version};
    whole.set(http::field::content_type, "application/json");
    whole.keep_alive(keep_alive);
    whole.body() = std::move(made.body);
    whole.prepare_payload();
    return whole;
}

// All groups of the process at the other end.
std::vector<::gid_t> groups_of(int socket)
{
    std::vector<::gid_t> all(64);
    for (;;) {
        auto size = static_cast<::socklen_t>(all.size() * sizeof(::gid_t));
        if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, all.data(), &size) == 0) {
            all.resize(size / sizeof(::gid_t));
            return all;
        }
        if (errno != ERANGE)
            return {};
        all.resize(size / sizeof(::gid_t));
    }
}

std::string text_of(int failure)
{
    return boost::system::error_code{failure, boost::system::system_category()}.message();
}

// Does somebody listen there?
bool is_served(boost::asio::io_context& context, std::string const& path)
{
    local_socket probe{context.get_executor()};
    boost::system::error_code failure;
    probe.connect(boost::asio::local::stream_protocol::endpoint{path}, failure);
    return !failure;
}

}  // namespace

task serve_admin(admin_endpoint& endpoint, local_socket socket)
{
    admin::requester who;
    bool const welcome = endpoint.may_enter(socket, who);
    ++endpoint.connections_;
    stream connection{std::move(socket)};
    boost::beast::flat_buffer buffer;
    for (bool more = true; more;) {
        request_parser parser;
        parser.header_limit(header_limit);
        parser.body_limit(welcome ? body_limit : header_limit);
        connection.expires_after(net_limits::admin_time);
        auto const [unread, received] =
            co_await http::async_read(connection, buffer, parser, awaiting);
        static_cast<void>(received);
        if (unread)
            break;
        auto const waiting = std::make_shared<pending>(endpoint.context_.get_executor());
        auto asked = parser.release();
        more = asked.keep_alive() && welcome;
        auto const version = asked.version();
        if (welcome)
            ask(endpoint.handle_, request_of(std::move(asked), who, endpoint.kind_), waiting);
        else
            refuse(who, *waiting);
        if (!waiting->ready) {
            auto const [cancelled] = co_await waiting->come.async_wait(awaiting);
            static_cast<void>(cancelled);
        }
        auto const whole = response_with(std::move(waiting->made), version, more);
        http::response_serializer<http::string_body> serializer{whole};
        serializer.split(false);
        connection.expires_after(net_limits::admin_time);
        auto const [unsent, sent] = co_await http::async_write(connection, serializer, awaiting);
        static_cast<void>(sent);
        more = more && !unsent;
    }
    boost::system::error_code ignored;
    connection.socket().shutdown(local_socket::shutdown_send, ignored);
    --endpoint.connections_;
}

task run_admin_endpoint(admin_endpoint& endpoint)
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
        boost::asio::co_spawn(where, serve_admin(endpoint, std::move(socket)), task_ended{});
    }
}

admin_endpoint::admin_endpoint(
    boost::asio::io_context& context, admin::socket_kind kind, handler handle
)
    : context_{context}
    , kind_{kind}
    , handle_{std::move(handle)}
    , acceptor_{context.get_executor()}
    , pause_{context.get_executor()}
{
}

admin_endpoint::~admin_endpoint()
{
    if (!path_.empty())
        ::unlink(path_.c_str());
}

std::optional<std::string> admin_endpoint::bind(config::admin_options const& where)
{
    auto const cannot = [&](std::string const& why) {
        return "the administration socket " + where.socket + " cannot be made: " + why;
    };
    std::optional<::gid_t> group;
    if (!where.group.empty()) {
        auto const* found = ::getgrnam(where.group.c_str());
        if (found == nullptr)
            return cannot("there is no group \"" + where.group + '"');
        group = found->gr_gid;
    }
    struct ::stat there {};
    if (::lstat(where.socket.c_str(), &there) == 0) {
        if (!S_ISSOCK(there.st_mode))
            return cannot("something else has this name");
        if (is_served(context_, where.socket))
            return cannot("another daemon serves it");
        ::unlink(where.socket.c_str());
    }
    boost::system::error_code failure;
    acceptor_.open(boost::asio::local::stream_protocol{}, failure);
    // Nobody gets in before owner and mode are as they should be.
    auto const mask = ::umask(0177);
    if (!failure)
        acceptor_.bind(boost::asio::local::stream_protocol::endpoint{where.socket}, failure);
    ::umask(mask);
    if (failure)
        return cannot(failure.message());
    path_ = where.socket;
    if (group && ::chown(path_.c_str(), static_cast<::uid_t>(-1), *group) != 0)
        return cannot("its group cannot be \"" + where.group + "\": " + text_of(errno));
    if (::chmod(path_.c_str(), where.mode) != 0)
        return cannot(text_of(errno));
    acceptor_.listen(boost::asio::socket_base::max_listen_connections, failure);
    if (failure)
        return cannot(failure.message());
    group_ = group;
    return std::nullopt;
}

void admin_endpoint::start()
{
    boost::asio::co_spawn(context_.get_executor(), run_admin_endpoint(*this), task_ended{});
}

// Root, the daemon's own user, and the group.
bool admin_endpoint::may_enter(local_socket& socket, admin::requester& who) const
{
    ::ucred peer{};
    ::socklen_t size = sizeof peer;
    auto const handle = socket.native_handle();
    if (::getsockopt(handle, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return false;
    who = {peer.uid, peer.gid, peer.pid};
    if (peer.uid == 0 || peer.uid == ::geteuid())
        return true;
    if (!group_)
        return false;
    auto const groups = groups_of(handle);
    return peer.gid == *group_ || std::find(groups.begin(), groups.end(), *group_) != groups.end();
}

}  // namespace gatehouse
