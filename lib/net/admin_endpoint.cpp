#include "net/admin_endpoint.h"

#include "admin/command.h"
#include "base/user_group.h"
#include "net/limits.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse {

namespace {

constexpr std::string_view json = "application/json";

http_answer answer_of(admin::answer&& made)
{
    return {made.status, std::move(made.body), json, std::move(made.allow)};
}

admin::body_state state_of(http_request::body_state state) noexcept
{
    using from = http_request::body_state;
    if (state == from::too_long)
        return admin::body_state::too_long;
    return state == from::busy ? admin::body_state::busy : admin::body_state::whole;
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

}  // namespace

admin_endpoint::admin_endpoint(boost::asio::io_context& context, admin::socket_kind kind, told whom)
    : context_{context}
    , kind_{kind}
    , told_{std::move(whom)}
    , acceptor_{context.get_executor()}
{
}

std::optional<std::string> admin_endpoint::bind(config::admin_options const& where)
{
    auto const cannot = [&](std::string const& why) {
        return "the administration socket " + where.socket + " cannot be made: " + why;
    };
    std::optional<::gid_t> group;
    if (!where.group.empty()) {
        group = group_by_name(where.group);
        if (!group)
            return cannot("there is no group \"" + where.group + '"');
    }
    socket_name_lock const alone{where.socket};
    if (auto const why = clear_stale_socket(where.socket))
        return cannot(*why);
    boost::system::error_code failure;
    acceptor_.open(boost::asio::local::stream_protocol{}, failure);
    // Nobody gets in before owner and mode are as they should be.
    auto const mask = ::umask(0177);
    if (!failure)
        acceptor_.bind(boost::asio::local::stream_protocol::endpoint{where.socket}, failure);
    ::umask(mask);
    if (failure)
        return cannot(failure.message());
    file_.take(where.socket);
    auto const* path = where.socket.c_str();
    if (group && ::chown(path, static_cast<::uid_t>(-1), *group) != 0)
        return cannot("its group cannot be \"" + where.group + "\": " + text_of(errno));
    if (::chmod(path, where.mode) != 0)
        return cannot(text_of(errno));
    acceptor_.listen(boost::asio::socket_base::max_listen_connections, failure);
    if (failure)
        return cannot(failure.message());
    group_ = group;
    return std::nullopt;
}

void admin_endpoint::start()
{
    server_.emplace(
        context_,
        std::move(acceptor_),
        static_cast<http_service&>(*this),
        http_options{
            .name = metrics::name_of(name()),
            .bounds =
                {.connections = net_limits::http_connections,
                 .reserved = net_limits::admin_reserved,
                 .bodies =
                     admin::largest_import + net_limits::http_connections * admin::largest_document,
                 .answers = net_limits::http_answers},
            .header_limit = net_limits::admin_header,
            .patience = net_limits::admin_time,
            .keeps_alive = true,
        }
    );
    server_->start();
}

metrics::endpoint admin_endpoint::name() const noexcept
{
    return kind_ == admin::socket_kind::full ? metrics::endpoint::admin
                                             : metrics::endpoint::admin_read_only;
}

http_slots::counts admin_endpoint::refused() const noexcept
{
    return server_ ? server_->refused() : http_slots::counts{};
}

std::optional<http_guest::rank> admin_endpoint::admit(int socket, admin::requester& who) const
{
    auto const rank = rank_of(socket, who);
    if (!rank)
        told_.turned_away(who);
    return rank;
}

// Root, the daemon's own user, and the group.
std::optional<http_guest::rank> admin_endpoint::rank_of(int socket, admin::requester& who) const
{
    ::ucred peer{};
    ::socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return std::nullopt;
    who = {peer.uid, peer.gid, peer.pid};
    if (peer.uid == 0 || peer.uid == ::geteuid())
        return http_guest::rank::privileged;
    if (!group_)
        return std::nullopt;
    auto const groups = groups_of(socket);
    bool const is_member =
        peer.gid == *group_ || std::find(groups.begin(), groups.end(), *group_) != groups.end();
    return is_member ? std::optional{http_guest::rank::ordinary} : std::nullopt;
}

std::size_t admin_endpoint::body_limit(http_request const& head) const
{
    admin::request asked;
    asked.method = head.method;
    asked.target = head.target;
    asked.socket = kind_;
    return admin::body_limit(asked);
}

// One that is refused by its header comes without its body, and is refused by that again.
void admin_endpoint::answer(http_request asked, admin::requester const& who, http_service::reply to)
{
    admin::request whole{
        std::move(asked.method),
        std::move(asked.target),
        std::move(asked.body),
        who,
        kind_,
        state_of(asked.state),
    };
    told_.asked(std::move(whole), [answer_to = std::move(to)](admin::answer made) {
        answer_to(answer_of(std::move(made)));
    });
}

http_answer admin_endpoint::answer_to(http_problem what) const
{
    admin::refusal why{400, "bad_request", "this is no HTTP request"};
    if (what == http_problem::forbidden)
        why = {
            403,
            "forbidden",
            "only root, the daemon's user and the configured group may use this socket"};
    else if (what == http_problem::full)
        why = {503, "busy", "too many connections at once; try again"};
    else if (what == http_problem::too_long)
        why = {431, "too_large", "the header is too long"};
    else if (what == http_problem::version)
        why = {505, "bad_request", "only HTTP/1.0 and HTTP/1.1 are spoken here"};
    return answer_of(admin::answer_with(why));
}

}  // namespace gatehouse
