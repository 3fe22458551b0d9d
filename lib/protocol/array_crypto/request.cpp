#include "protocol/array_crypto/request.h"

#include "base/http_target.h"
#include "protocol/array_crypto/limits.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>

#include <algorithm>
#include <charconv>

namespace gatehouse::array_crypto {

namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::string_view end_of_header = "\r\n\r\n";
constexpr std::size_t longest_size_text = 12;  // digits

std::string_view view(boost::beast::string_view text) noexcept
{
    return {text.data(), text.size()};
}

bool is_word(std::string_view text, std::string_view lower_case) noexcept
{
    return std::equal(
        text.begin(),
        text.end(),
        lower_case.begin(),
        lower_case.end(),
        [](char one, char other) {
            return one == other || (one >= 'A' && one <= 'Z' && one + ('a' - 'A') == other);
        }
    );
}

// Is this byte right behind what came before?
bool is_in_order(std::string_view text, std::size_t at) noexcept
{
    auto const byte = text[at];
    auto const before = at == 0 ? '\n' : text[at - 1];
    if (byte == '\0' || (byte == '\n') != (before == '\r'))
        return false;
    bool const begins_line = before == '\n';
    if (at == 0)
        return byte > ' ';
    return !begins_line || (byte != ' ' && byte != '\t');
}

// Does the request line end like "HTTP/2.0", and name none that is spoken here?
bool names_other_version(std::string_view header) noexcept
{
    constexpr std::string_view form = " HTTP/0.0";
    auto const line = header.substr(0, header.find('\r'));
    if (line.size() < form.size())
        return false;
    auto const end = line.substr(line.size() - form.size());
    if (end == " HTTP/1.1" || end == " HTTP/1.0")
        return false;
    return std::equal(end.begin(), end.end(), form.begin(), [](char one, char wanted) {
        return wanted == '0' ? one >= '0' && one <= '9' : one == wanted;
    });
}

// Beast's parser without a message to keep things in: no heap.
class head_parser final : public http::basic_parser<true> {
public:
    explicit head_parser(request_head& into) : head_{into}
    {
        eager(false);
        header_limit(limits::header_size);
        body_limit(boost::none);
    }

    // What is wrong, if the fault is not one of syntax.
    std::optional<error> fault;

    bool has_one_host() const noexcept { return hosts_ == 1; }
    bool is_first_version() const noexcept { return version_ == 10; }

private:
    void
    on_request_impl(http::verb method, boost::beast::string_view, boost::beast::string_view target, int version, error_code&)
        override
    {
        version_ = version;
        head_.method = method == http::verb::get    ? verb::get
                       : method == http::verb::post ? verb::post
                       : method == http::verb::head ? verb::head
                                                    : verb::other;
        auto const whole = origin_form(view(target));
        head_.path = whole.substr(0, whole.find('?'));
    }

    void on_field_impl(
        http::field name,
        boost::beast::string_view,
        boost::beast::string_view text,
        error_code& failure
    ) override
    {
        auto const value = view(text);
        if (++fields_ > limits::header_fields)
            fail(error::malformed_oversize, failure);
        else if (name == http::field::host)
            ++hosts_;
        else if (name == http::field::content_length)
            take_size(value, failure);
        else if (name == http::field::transfer_encoding)
            fail(error::malformed_framing, failure);
        else if (name == http::field::authorization)
            take_once(head_.authorization, value, failure);
        else if (name == http::field::content_type)
            take_once(head_.content_type, value, failure);
        else if (name == http::field::expect)
            head_.expects_go_ahead = is_word(value, "100-continue");
    }

    void on_header_impl(error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(boost::beast::string_view, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view, error_code&) override
    {
        return 0;
    }
    void on_finish_impl(error_code&) override {}
    void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}

    void fail(error why, error_code& failure)
    {
        fault = why;
        failure = http::error::bad_value;
    }

    void take_size(std::string_view value, error_code& failure)
    {
        auto const* const end = value.data() + value.size();
        bool const is_number =
            !value.empty() && value.size() <= longest_size_text &&
            std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (head_.has_body_size || !is_number ||
            std::from_chars(value.data(), end, head_.body_size).ptr != end) {
            fail(error::malformed_framing, failure);
            return;
        }
        head_.has_body_size = true;
    }

    void take_once(std::string_view& into, std::string_view value, error_code& failure)
    {
        if (!into.empty())
            fail(error::malformed_request, failure);
        into = value;
    }

    request_head& head_;
    int version_ = 0;
    std::size_t fields_ = 0;
    std::size_t hosts_ = 0;
};

}  // namespace

result<std::size_t> header_scan::look(bytes received)
{
    auto const text = as_text(received.first(std::min(received.size(), limits::header_size)));
    for (; seen_ < text.size(); ++seen_) {
        if (!is_in_order(text, seen_))
            return error::malformed_framing;
        if (text[seen_] == '\n' && text.substr(0, seen_ + 1).ends_with(end_of_header))
            return seen_ + 1;
    }
    if (received.size() >= limits::header_size)
        return error::malformed_oversize;
    return std::size_t{0};
}

result<request_head> read_head(bytes header)
{
    request_head head;
    head_parser parser{head};
    error_code failure;
    auto const used = parser.put(boost::asio::buffer(header.data(), header.size()), failure);
    if (parser.fault)
        return *parser.fault;
    if (failure == http::error::bad_version)
        return names_other_version(as_text(header)) ? error::incompatible_version
                                                    : error::malformed_request;
    if (failure == http::error::bad_content_length ||
        failure == http::error::multiple_content_length ||
        failure == http::error::bad_transfer_encoding)
        return error::malformed_framing;
    if (failure || !parser.is_header_done() || used != header.size())
        return error::malformed_request;
    if (!parser.has_one_host() && !parser.is_first_version())
        return error::malformed_request;
    head.keeps_alive = parser.keep_alive() && !parser.is_first_version();
    return head;
}

}  // namespace gatehouse::array_crypto
