// One connection of an HTTP server: the steps between its waits, which net/http_server.cpp does.
//
// The only header with Beast in it.
#pragma once

#include "base/http_target.h"
#include "net/http_server.h"
#include "net/limits.h"

#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace gatehouse {

namespace http = boost::beast::http;

// An answer that may come later, perhaps when nobody waits for it any more.
struct pending_answer {
    explicit pending_answer(executor const& where) : come{where, steady_timer::time_point::max()} {}

    steady_timer come;
    http_answer made;
    bool ready = false;
};

// What to tell a client whose request cannot be read; nothing when it is gone.
inline std::optional<http_problem> problem_of(boost::system::error_code const& failure)
{
    static auto const& of_http = make_error_code(http::error::bad_method).category();
    if (failure.category() != of_http || failure == http::error::end_of_stream)
        return std::nullopt;
    if (failure == http::error::header_limit || failure == http::error::buffer_overflow)
        return http_problem::too_long;
    if (failure == http::error::bad_version)
        return http_problem::version;
    return http_problem::malformed;
}

// The steps of `serve_http`, in order; they do nothing that waits.
template <class Protocol>
class http_connection final : public http_guest {
public:
    using server = http_server<Protocol>;

    http_connection(
        server& of, typename server::socket arrived, rank is, admin::requester const& who
    )
        : http_guest{is}
        , server_{of}
        , who_{who}
        , stream_{std::move(arrived)}
    {
    }
    http_connection(http_connection const&) = delete;
    http_connection& operator=(http_connection const&) = delete;
    ~http_connection() override
    {
        if (problem_at_start_)
            --server_.turned_away_;
        server_.slots_.leave(*this);
    }

    void enter() { server_.slots_.enter(*this); }
    void refuse(http_problem why)
    {
        problem_ = why;
        problem_at_start_ = true;
        ++server_.turned_away_;
    }

    // False for one that is refused unread.
    bool begin()
    {
        if (problem_at_start_)
            return false;
        parser.emplace();
        parser->header_limit(server_.options_.header_limit);
        parser->body_limit(boost::none);  // judged when the header is there
        request_ = {};
        server_.slots_.await(*this);
        stream_.expires_after(server_.options_.patience);
        return true;
    }

    void on_header(boost::system::error_code const& failure)
    {
        if (failure) {
            give_up(failure);
            return;
        }
        auto const& head = parser->get();
        auto const method = head.method_string();
        auto const target = head.target();
        request_.method.assign(method.data(), method.size());
        request_.target = origin_form({target.data(), target.size()});
        if (!parser->is_done())
            judge_body();
    }

    bool wants_go_ahead() const
    {
        return reads_body_ && parser->get()[http::field::expect] == "100-continue";
    }
    bool reads_body() const noexcept { return reads_body_; }

    void on_body(boost::system::error_code const& failure)
    {
        using state = http_request::body_state;
        auto& body = parser->get().body();
        if (failure == http::error::body_limit)
            request_.state = state::too_long;
        else if (failure)
            give_up(failure);
        else if (!server_.slots_.hold_body(*this, body.size()))
            request_.state = state::busy;
        else
            server_.slots_.await(*this);
        reads_body_ = !failure && request_.state == state::whole && !parser->is_done();
    }

    // False when there is nobody to answer to.
    bool ask()
    {
        using state = http_request::body_state;
        if (gone_)
            return false;
        waiting_ = std::make_shared<pending_answer>(server_.context_.get_executor());
        if (problem_) {
            more_ = false;
            waiting_->made = server_.service_.answer_to(*problem_);
            waiting_->ready = true;
            return true;
        }
        bool const is_read = request_.state == state::none || request_.state == state::whole;
        more_ = server_.options_.keeps_alive && is_read && parser->get().keep_alive();
        if (request_.state == state::whole)
            request_.body = std::move(parser->get().body());
        server_.slots_.work(*this);
        is_head_ = request_.method == "HEAD";
        server_.service_.answer(std::move(request_), who_, [to = waiting_](http_answer made) {
            to->made = std::move(made);
            to->ready = true;
            to->come.cancel();
        });
        return true;
    }

    bool answered() const noexcept { return waiting_->ready; }
    steady_timer& answer_comes() noexcept { return waiting_->come; }

    void begin_answer()
    {
        auto& made = waiting_->made;
        auto const version = problem_ ? 11 : parser->get().version();
        response_.emplace(static_cast<http::status>(made.status), version);
        response_->set(
            http::field::content_type, {made.content_type.data(), made.content_type.size()}
        );
        if (!made.allow.empty())
            response_->set(http::field::allow, made.allow);
        response_->keep_alive(more_);
        response_->body() = std::move(made.body);
        response_->prepare_payload();
        if (is_head_)
            response_->body().clear();
        server_.slots_.answer(*this, response_->body().size());
        stream_.expires_after(server_.options_.patience);
        serializer.emplace(*response_);
        serializer->split(false);
    }

    // May another request come?
    bool end_answer(boost::system::error_code const& failure)
    {
        server_.slots_.release(*this);
        serializer.reset();
        response_.reset();
        if (failure == boost::beast::error::timeout)
            server_.slots_.count(metrics::endpoint_refusal::timeout);
        gone_ = gone_ || failure;
        return more_ && !gone_;
    }

    // What is unread when a socket is closed makes the kernel throw away what was written: a client
    // that was told off early goes on sending for a moment.
    void begin_drain()
    {
        boost::system::error_code ignored;
        stream_.socket().shutdown(server::socket::shutdown_send, ignored);
        server_.slots_.await(*this);
        stream_.expires_after(net_limits::http_drain_time);
        using state = http_request::body_state;
        bool const is_read = request_.state == state::none || request_.state == state::whole;
        left_to_drain_ = gone_ || (!problem_ && is_read) ? 0 : net_limits::http_drain_size;
    }

    boost::asio::mutable_buffer drain_space()
    {
        return {drained_.data(), std::min(drained_.size(), left_to_drain_)};
    }
    bool drains() const noexcept { return left_to_drain_ > 0; }

    void on_drained(boost::system::error_code const& failure, std::size_t size)
    {
        left_to_drain_ = failure ? 0 : left_to_drain_ - size;
    }

    boost::beast::basic_stream<Protocol, executor>& stream() noexcept { return stream_; }
    boost::beast::flat_buffer& buffer() noexcept { return buffer_; }

    std::optional<http::request_parser<http::string_body>> parser;
    std::optional<http::response_serializer<http::string_body>> serializer;

private:
    void hang_up() override
    {
        gone_ = true;
        server_.report(metrics::endpoint_refusal::evicted, who_);
        stream_.close();
    }

    void give_up(boost::system::error_code const& failure)
    {
        if (failure == boost::beast::error::timeout)
            server_.slots_.count(metrics::endpoint_refusal::timeout);
        problem_ = problem_of(failure);
        gone_ = !problem_;
    }

    void judge_body()
    {
        using state = http_request::body_state;
        auto const limit = server_.service_.body_limit(request_);
        auto const size = parser->content_length();
        request_.state = state::whole;
        if (limit == 0)
            request_.state = state::unread;
        else if (size && *size > limit)
            request_.state = state::too_long;
        else if (!server_.slots_.hold_body(*this, size ? static_cast<std::size_t>(*size) : 0))
            request_.state = state::busy;
        reads_body_ = request_.state == state::whole;
        parser->body_limit(limit);
        stream_.expires_after(server_.options_.patience);
    }

    server& server_;
    admin::requester who_;
    boost::beast::basic_stream<Protocol, executor> stream_;
    boost::beast::flat_buffer buffer_;
    http_request request_;
    std::optional<http_problem> problem_;
    std::shared_ptr<pending_answer> waiting_;
    std::optional<http::response<http::string_body>> response_;
    std::array<char, 4096> drained_{};
    std::size_t left_to_drain_ = 0;
    bool problem_at_start_ = false;
    bool reads_body_ = false;
    bool is_head_ = false;
    bool more_ = true;
    bool gone_ = false;
};

}  // namespace gatehouse
