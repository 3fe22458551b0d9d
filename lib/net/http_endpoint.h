// The operators' HTTP endpoint: /metrics, /livez, /readyz. Main thread only.
#pragma once

#include "net/http_server.h"
#include "net/task.h"

#include <functional>
#include <string>

namespace gatehouse {

// What the endpoint answers with. The functions are called on its thread and outlive it.
struct http_answers {
    std::function<std::string()> metrics;
    std::function<bool()> ready;
};

class http_endpoint final : private http_service {
public:
    http_endpoint(boost::asio::io_context& context, tcp_acceptor acceptor, http_answers answers);

    // Serves until its context stops.
    void start() { server_.start(); }

    http_slots::counts const& refused() const noexcept { return server_.refused(); }

private:
    std::optional<http_guest::rank> admit(int socket, admin::requester& who) const override;
    std::size_t body_limit(http_request const& head) const override;
    void answer(http_request asked, admin::requester const& who, reply to) override;
    http_answer answer_to(http_problem what) const override;
    http_answer answer_now(http_request const& asked) const;

    http_answers answers_;
    http_server<boost::asio::ip::tcp> server_;
};

}  // namespace gatehouse
