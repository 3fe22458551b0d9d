// HTTP/1.1 over a socket that listens, for few connections: what /metrics and the administration
// sockets share (net/http_endpoint.h, net/admin_endpoint.h).
//
// Main thread only. A request is judged by its header before a body is read; what is held is
// bounded (net/http_slots.h).
#pragma once

#include "admin/request.h"
#include "base/time.h"
#include "net/accept_loop.h"
#include "net/http_slots.h"
#include "net/log_sampler.h"
#include "net/task.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

// What is wrong with a request, or a connection, that no service needs to look at.
enum class http_problem : std::uint8_t {
    forbidden,
    full,
    malformed,
    too_long,  // the header
    version,
};

struct http_request {
    enum class body_state : std::uint8_t {
        none,
        whole,
        unread,    // the service left no room for it
        too_long,  // longer than the room
        busy,      // others hold what bodies may take
    };
    std::string method;
    std::string target;  // "/v1/sessions?limit=3", in whatever form it came
    body_state state = body_state::none;
    std::string body;
};

struct http_answer {
    unsigned status = 200;
    std::string body;
    std::string_view content_type;  // static storage
    std::string allow;              // methods; empty = no such field
};

class http_service {
public:
    using reply = std::function<void(http_answer)>;

    virtual ~http_service() = default;
    http_service(http_service const&) = delete;
    http_service& operator=(http_service const&) = delete;

    // The service of the socket's other end; nothing when it may not use this one. `who` is filled
    // as far as the kernel knows.
    virtual std::optional<http_guest::rank> admit(int socket, admin::requester& who) const = 0;

    // How many bytes of body a request with this header may have; 0: none is read.
    virtual std::size_t body_limit(http_request const& head) const = 0;

    // Calls `to` once, now or later. A request whose body is not whole is to be refused.
    virtual void answer(http_request asked, admin::requester const& who, reply to) = 0;

    virtual http_answer answer_to(http_problem what) const = 0;

protected:
    http_service() = default;
};

struct http_options {
    std::string_view name;  // for the log: metrics, admin, admin_read_only
    http_bounds bounds;
    std::uint32_t header_limit = 0;
    std::chrono::seconds patience{0};  // for a request to come, and for its answer to be taken
    bool keeps_alive = false;          // several requests on a connection
};

template <class Protocol>
class http_server {
public:
    using acceptor = boost::asio::basic_socket_acceptor<Protocol, executor>;
    using socket = boost::asio::basic_stream_socket<Protocol, executor>;

    // `service` outlives it.
    http_server(
        boost::asio::io_context& context,
        acceptor listening,
        http_service& service,
        http_options const& options
    );

    // Serves until its context stops.
    void start();

    // For the accept loop.
    bool is_accepting() const noexcept { return true; }
    acceptor& listening() noexcept { return acceptor_; }
    steady_timer& pause_timer() noexcept { return pause_; }
    after_accept on_accept(boost::system::error_code failure, socket arrived);
    void on_accept_thrown() noexcept;
    void on_accept_ended() noexcept {}

    http_slots::counts const& refused() const noexcept { return slots_.refused(); }

private:
    template <class P>
    friend class http_connection;
    void take(socket arrived);
    void turn_away(socket arrived, http_problem why);
    void report(metrics::endpoint_refusal why, admin::requester const& who);

    boost::asio::io_context& context_;
    acceptor acceptor_;
    http_service& service_;
    http_options options_;
    http_slots slots_;
    steady_timer pause_;
    log_sampler sampler_;
    std::size_t turned_away_ = 0;  // that are being told so
};

}  // namespace gatehouse
