// The operators' HTTP endpoint: /metrics, /livez, /readyz. Main thread only.
#pragma once

#include "net/task.h"

#include <cstddef>
#include <functional>
#include <string>

namespace gatehouse {

// What the endpoint answers with. The functions are called on its thread and outlive it.
struct http_answers {
    std::function<std::string()> metrics;
    std::function<bool()> ready;
};

class http_endpoint {
public:
    http_endpoint(boost::asio::io_context& context, tcp_acceptor acceptor, http_answers answers);

    // Serves until its context stops.
    void start();

private:
    friend task run_http_endpoint(http_endpoint& endpoint);
    friend task serve_http(http_endpoint& endpoint, tcp_socket socket);

    boost::asio::io_context& context_;
    tcp_acceptor acceptor_;
    steady_timer pause_;
    http_answers answers_;
    std::size_t connections_ = 0;
};

}  // namespace gatehouse
