// An administration socket: HTTP over a Unix socket, for whom the kernel vouches
// (docs/reference/admin-api.md).
//
// Main thread only.
#pragma once

#include "admin/answer.h"
#include "admin/request.h"
#include "config/model.h"
#include "net/http_server.h"
#include "net/socket_file.h"
#include "net/task.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace gatehouse {

using local_acceptor =
    boost::asio::basic_socket_acceptor<boost::asio::local::stream_protocol, executor>;

class admin_endpoint final : private http_service {
public:
    using reply = std::function<void(admin::answer)>;
    // Answers by calling `reply` once, now or later, on the main thread.
    using handler = std::function<void(admin::request, reply)>;

    struct told {
        handler asked;
        std::function<void(admin::requester const&)> turned_away;  // who may not use it
    };
    admin_endpoint(boost::asio::io_context& context, admin::socket_kind kind, told whom);
    // Removes the socket's file.
    ~admin_endpoint() override = default;

    // Why it cannot be bound, for people; nothing when it is. A file that no daemon listens behind
    // any more is replaced.
    std::optional<std::string> bind(config::admin_options const& where);

    void start();

    http_slots::counts refused() const noexcept;
    metrics::endpoint name() const noexcept;

private:
    std::optional<http_guest::rank> admit(int socket, admin::requester& who) const override;
    std::optional<http_guest::rank> rank_of(int socket, admin::requester& who) const;
    std::size_t body_limit(http_request const& head) const override;
    void answer(http_request asked, admin::requester const& who, http_service::reply to) override;
    http_answer answer_to(http_problem what) const override;

    boost::asio::io_context& context_;
    admin::socket_kind kind_;
    told told_;
    local_acceptor acceptor_;
    std::optional<std::uint32_t> group_;
    std::optional<http_server<boost::asio::local::stream_protocol>> server_;  // once started
    socket_file file_;  // goes before the listening socket does
};

}  // namespace gatehouse
