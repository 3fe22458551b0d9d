// An administration socket: HTTP over a Unix socket, for whom the kernel vouches
// (docs/reference/admin-api.md).
//
// Main thread only.
#pragma once

#include "admin/answer.h"
#include "admin/request.h"
#include "config/model.h"
#include "net/task.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace gatehouse {

using local_acceptor =
    boost::asio::basic_socket_acceptor<boost::asio::local::stream_protocol, executor>;

class admin_endpoint {
public:
    using reply = std::function<void(admin::answer)>;
    // Answers by calling `reply` once, now or later, on the main thread.
    using handler = std::function<void(admin::request, reply)>;

    admin_endpoint(boost::asio::io_context& context, admin::socket_kind kind, handler handle);
    // Removes the socket's file.
    ~admin_endpoint();
    admin_endpoint(admin_endpoint const&) = delete;
    admin_endpoint& operator=(admin_endpoint const&) = delete;

    // Why it cannot be bound, for people; nothing when it is. A file that no daemon listens behind
    // any more is replaced.
    std::optional<std::string> bind(config::admin_options const& where);

    void start();

private:
    friend task run_admin_endpoint(admin_endpoint& endpoint);
    friend task serve_admin(admin_endpoint& endpoint, local_socket socket);

    bool may_enter(local_socket& socket, admin::requester& who) const;

    boost::asio::io_context& context_;
    admin::socket_kind kind_;
    handler handle_;
    local_acceptor acceptor_;
    steady_timer pause_;
    std::string path_;
    std::optional<std::uint32_t> group_;
    std::size_t connections_ = 0;
};

}  // namespace gatehouse
