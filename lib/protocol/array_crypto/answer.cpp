#include "protocol/array_crypto/answer.h"

#include "protocol/array_crypto/short_text.h"

#include <algorithm>

namespace gatehouse::array_crypto {

namespace {

using header_text = short_text<256>;

std::string_view phrase_of(status what) noexcept
{
    switch (what) {
    case status::ok:
        return "OK";
    case status::no_content:
        return "No Content";
    case status::bad_request:
        return "Bad Request";
    case status::unauthorized:
        return "Unauthorized";
    case status::not_found:
        return "Not Found";
    case status::method_not_allowed:
        return "Method Not Allowed";
    case status::length_required:
        return "Length Required";
    case status::content_too_large:
        return "Content Too Large";
    case status::unsupported_media_type:
        return "Unsupported Media Type";
    case status::misdirected:
        return "Misdirected Request";
    case status::unprocessable:
        return "Unprocessable Entity";
    case status::too_many_requests:
        return "Too Many Requests";
    case status::header_too_large:
        return "Request Header Fields Too Large";
    case status::unavailable:
        return "Service Unavailable";
    case status::version_not_supported:
        return "HTTP Version Not Supported";
    }
    return {};
}

header_text begin(status what, after_answer then)
{
    header_text made;
    made.add("HTTP/1.1 ").add(std::uint64_t(what)).add(" ").add(phrase_of(what)).add("\r\n");
    if (then == after_answer::close)
        made.add("connection: close\r\n");
    return made;
}

void add_body(header_text& header, std::string_view type, std::size_t size)
{
    header.add("content-length: ").add(std::uint64_t{size}).add("\r\n");
    header.add("content-type: ").add(type).add("\r\n\r\n");
}

mutable_bytes put(header_text const& header, std::size_t body, wire_buffer& out)
{
    auto const text = as_bytes(header.view());
    auto const space = out.frame(text.size() + body);
    std::copy(text.begin(), text.end(), space.begin());
    return space.subspan(text.size());
}

}  // namespace

void write(answer const& what, wire_buffer& out)
{
    auto header = begin(what.what, what.then);
    if (!what.allow.empty())
        header.add("allow: ").add(what.allow).add("\r\n");
    if (what.what == status::unauthorized)
        header.add("www-authenticate: Basic realm=\"gatehouse\"\r\n");
    if (what.what == status::no_content) {
        header.add("\r\n");
        put(header, 0, out);
        return;
    }
    auto const body = as_bytes(what.json);
    header.add("cache-control: no-store\r\n");
    add_body(header, "application/json", body.size());
    auto const space = put(header, what.is_for_head ? 0 : body.size(), out);
    std::copy_n(body.begin(), space.size(), space.begin());
}

mutable_bytes write_octets(std::size_t size, after_answer then, wire_buffer& out)
{
    auto header = begin(status::ok, then);
    add_body(header, "application/octet-stream", size);
    return put(header, size, out);
}

void write_go_ahead(wire_buffer& out)
{
    auto const text = as_bytes("HTTP/1.1 100 Continue\r\n\r\n");
    std::copy(text.begin(), text.end(), out.frame(text.size()).begin());
}

std::string_view usual_text(status what) noexcept
{
    switch (what) {
    case status::bad_request:
        return R"({"detail":"Bad Request"})";
    case status::unauthorized:
        return R"({"detail":"Unauthorized"})";
    case status::not_found:
        return R"({"detail":"Not Found"})";
    case status::method_not_allowed:
        return R"({"detail":"Method Not Allowed"})";
    case status::length_required:
        return R"({"detail":"Length Required"})";
    case status::content_too_large:
        return R"({"detail":"Content Too Large"})";
    case status::unsupported_media_type:
        return R"({"detail":"Unsupported Media Type"})";
    case status::misdirected:
        return R"({"detail":"Misdirected Request"})";
    case status::unprocessable:
        return R"({"detail":[{"loc":["body","hash"],"msg":"field required","type":"value_error.missing"}]})";
    case status::too_many_requests:
        return R"({"detail":"Too Many Requests"})";
    case status::header_too_large:
        return R"({"detail":"Request Header Fields Too Large"})";
    case status::unavailable:
        return R"({"detail":"Service Unavailable"})";
    case status::version_not_supported:
        return R"({"detail":"HTTP Version Not Supported"})";
    case status::ok:
    case status::no_content:
        break;
    }
    return {};
}

}  // namespace gatehouse::array_crypto
