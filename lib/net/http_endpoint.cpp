#include "net/http_endpoint.h"

#include "net/limits.h"

#include <string_view>
#include <utility>

namespace gatehouse {

namespace {

constexpr std::string_view plain_text = "text/plain; charset=utf-8";
constexpr std::string_view exposition_text = "text/plain; version=0.0.4; charset=utf-8";

http_answer text_answer(unsigned status, std::string text)
{
    return {status, std::move(text), plain_text, {}};
}

}  // namespace

http_endpoint::http_endpoint(
    boost::asio::io_context& context, tcp_acceptor acceptor, http_answers answers
)
    : answers_{std::move(answers)}
    , server_{
          context,
          std::move(acceptor),
          *this,
          {
              .name = metrics::name_of(metrics::endpoint::metrics),
              .bounds =
                  {.connections = net_limits::http_connections,
                   .reserved = 0,
                   .bodies = 0,
                   .answers = net_limits::http_answers},
              .header_limit = net_limits::http_header,
              .patience = net_limits::http_time,
              .keeps_alive = false,
          }}
{
}

// Anybody who reaches the address.
std::optional<http_guest::rank> http_endpoint::admit(int, admin::requester&) const
{
    return http_guest::rank::ordinary;
}

std::size_t http_endpoint::body_limit(http_request const&) const
{
    return 0;
}

void http_endpoint::answer(http_request asked, admin::requester const&, reply to)
{
    to(answer_now(asked));
}

http_answer http_endpoint::answer_now(http_request const& asked) const
{
    if (asked.method != "GET" && asked.method != "HEAD") {
        auto refused = text_answer(405, "only GET and HEAD\n");
        refused.allow = "GET, HEAD";
        return refused;
    }
    if (asked.state != http_request::body_state::none)
        return text_answer(400, "no body belongs here\n");
    std::string_view const target{asked.target};
    auto const path = target.substr(0, target.find('?'));
    if (path == "/metrics")
        return {200, answers_.metrics(), exposition_text, {}};
    if (path == "/livez")
        return text_answer(200, "ok\n");
    if (path == "/readyz")
        return answers_.ready() ? text_answer(200, "ready\n") : text_answer(503, "not ready\n");
    return text_answer(404, "try /metrics, /livez or /readyz\n");
}

http_answer http_endpoint::answer_to(http_problem what) const
{
    switch (what) {
    case http_problem::forbidden:
        return text_answer(403, "forbidden\n");
    case http_problem::full:
        return text_answer(503, "too many connections\n");
    case http_problem::too_long:
        return text_answer(431, "the header is too long\n");
    case http_problem::version:
        return text_answer(505, "only HTTP/1.0 and HTTP/1.1\n");
    case http_problem::malformed:
        break;
    }
    return text_answer(400, "this is no HTTP request\n");
}

}  // namespace gatehouse
