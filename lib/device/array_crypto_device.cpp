#include "device/array_crypto_device.h"

#include "base/base64.h"
#include "base/hex.h"
#include "protocol/array_crypto/snapshot.h"
#include "protocol/array_crypto/v1_message.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

namespace gatehouse::device {

namespace {

namespace http = boost::beast::http;
using array_crypto::profile;

constexpr std::uint32_t header_limit = 8192;
constexpr std::chrono::seconds most_drift{60};
constexpr std::string_view handshake_path = "/handshake";
constexpr std::string_view snapshot_path = "/snapshot";
constexpr std::string_view message_path = "/message";
constexpr std::string_view health_path = "/health";

std::string base64_of(std::string_view text)
{
    std::vector<std::uint8_t> encoded(base64_size(text.size()));
    to_base64(as_bytes(text), encoded);
    return std::string{as_text(encoded)};
}

std::optional<std::uint64_t> number_of(boost::json::object const& from, char const* name)
{
    auto const* member = from.if_contains(name);
    boost::system::error_code failure;
    auto const made = member == nullptr ? 0 : member->to_number<std::uint64_t>(failure);
    if (member == nullptr || failure)
        return std::nullopt;
    return made;
}

}  // namespace

struct array_crypto_device::http_answer {
    unsigned status = 0;
    std::string reason{};
    std::string body{};
    bool is_last = false;  // the gateway closes the connection behind it
};

std::string array_crypto_device::head_of(std::string_view method, std::string_view path) const
{
    std::string made{method};
    made.append(" ").append(settings_.prefix).append(path).append(" HTTP/1.1\r\nHost: ");
    made.append(settings_.host).append("\r\n");
    if (!settings_.basic.empty())
        made.append("Authorization: Basic ").append(base64_of(settings_.basic)).append("\r\n");
    return made.append("Accept: */*\r\n");
}

void array_crypto_device::ask(std::string_view method, std::string_view path, output& out)
{
    auto const text = head_of(method, path) + "\r\n";
    std::copy(text.begin(), text.end(), out.wire.frame(text.size()).begin());
}

void array_crypto_device::ask(std::string_view path, std::string_view type, bytes body, output& out)
{
    auto head = head_of("POST", path);
    head.append("Content-Length: ").append(std::to_string(body.size()));
    head.append("\r\nContent-Type: ").append(type).append("\r\n\r\n");
    auto const space = out.wire.frame(head.size() + body.size());
    std::copy(body.begin(), body.end(), std::copy(head.begin(), head.end(), space.begin()));
}

// Stock clients hash drawn numbers; nobody can tell.
void array_crypto_device::start(output& out)
{
    std::array<std::uint8_t, array_crypto::longest_salt> drawn{};
    auto const hash = mutable_bytes{drawn}.first(array_crypto::hash_size(settings_.how));
    env_.random.fill(hash);
    auto const body = R"({"hash": ")" + to_hex(hash) + R"("})";
    ask(handshake_path, "application/json", as_bytes(body), out);
    doing_ = task::handshake;
}

// What is not whole is looked at once more when the rest is there.
result<std::size_t> array_crypto_device::receive(time_point, mutable_bytes in, output& out)
{
    std::size_t consumed = 0;
    while (consumed < in.size() && !dismissed()) {
        if (!busy())
            return error::malformed_record;
        http::response_parser<http::string_body> parser;
        parser.eager(true);
        parser.header_limit(header_limit);
        parser.body_limit(settings_.message_limit + array_crypto::overhead(settings_.how));
        boost::system::error_code failure;
        auto const rest = in.subspan(consumed);
        auto const used = parser.put(boost::asio::buffer(rest.data(), rest.size()), failure);
        if (failure == http::error::need_more || (!failure && !parser.is_done()))
            break;
        if (failure == http::error::body_limit || failure == http::error::header_limit)
            return error::malformed_oversize;
        if (failure)
            return error::malformed_record;
        consumed += used;
        bool const is_last = !parser.keep_alive();
        auto made = parser.release();
        auto const reason = made.reason();
        http_answer const answer{
            made.result_int(), {reason.data(), reason.size()}, std::move(made.body()), is_last};
        if (auto const taken = take(answer, out); !taken)
            return taken.error();
    }
    return consumed;
}

result<> array_crypto_device::take(http_answer const& answer, output& out)
{
    auto const asked = std::exchange(doing_, task::nothing);
    bool const is_taken = asked == task::message && answer.status == 204;
    if (answer.status != 200 && !is_taken) {
        dismissal_ = std::to_string(answer.status) + ' ' + answer.reason;
        return {};
    }
    result<> done{};
    if (asked == task::handshake) {
        done = take_handshake(answer);
    } else if (asked == task::health) {
        ++pongs_;
    } else if (asked == task::message) {
        reply_.assign(answer.body.begin(), answer.body.end());
        if (!is_taken && !answer.is_last) {
            ask("GET", snapshot_path, out);
            doing_ = task::snapshot_to_open;
        }
    } else {
        auto const under = read_snapshot(answer.body);
        if (!under)
            return under.error();
        if (asked == task::snapshot_to_seal) {
            post_sealed(*under, out);
        } else {
            auto const text = open(*under);
            if (!text)
                return text.error();
            out.up.push_back(*text);
        }
    }
    if (done && answer.is_last)
        dismissal_ = "connection: close";
    return done;
}

result<> array_crypto_device::take_handshake(http_answer const& answer)
{
    boost::system::error_code failure;
    auto const parsed = boost::json::parse(answer.body, failure);
    auto const* object = failure ? nullptr : parsed.if_object();
    auto const* status = object == nullptr ? nullptr : object->if_contains("status");
    if (status == nullptr || *status != "ok")
        return error::malformed_record;
    is_in_ = true;
    return {};
}

result<array_crypto::pair> array_crypto_device::read_snapshot(std::string_view json)
{
    boost::system::error_code failure;
    auto const parsed =
        boost::json::parse(boost::json::string_view{json.data(), json.size()}, failure);
    auto const* object = failure ? nullptr : parsed.if_object();
    if (object == nullptr)
        return error::malformed_record;
    auto const tick = number_of(*object, "tick");
    auto const seed = number_of(*object, "seed");
    auto const when = number_of(*object, "timestamp");
    auto const* member = object->if_contains("signature");
    auto const* text = member == nullptr ? nullptr : member->if_string();
    if (!tick || !seed || !when || text == nullptr)
        return error::malformed_record;
    array_crypto::snapshot const told{
        {.seed = *seed, .tick = *tick}, wall_time{std::chrono::seconds{*when}}};
    auto const right = array_crypto::sign(env_.crypto.hmac, settings_.secret, told);
    if (!std::equal(right.begin(), right.end(), text->begin(), text->end()))
        return error::unproven_key;
    auto const drift = std::chrono::abs(told.when - env_.wall_now);
    if (drift > most_drift)
        return error::unproven_stale;
    return told.of;
}

void array_crypto_device::post_sealed(array_crypto::pair const& under, output& out)
{
    namespace v1 = array_crypto::v1;
    namespace v2 = array_crypto::v2;
    std::vector<std::uint8_t> sealed(text_.size() + array_crypto::overhead(settings_.how));
    v2::message_salt drawn{};
    env_.random.fill(drawn);
    if (settings_.how == profile::v1) {
        auto const seconds = env_.wall_now.time_since_epoch().count();
        auto const salt = v1::make_salt(static_cast<std::uint64_t>(seconds), drawn);
        v1::seal(under.seed, salt, text_, sealed);
    } else {
        v2::seal(env_.messages, under, drawn, text_, sealed);
    }
    ask(message_path, "application/octet-stream", sealed, out);
    doing_ = task::message;
}

result<mutable_bytes> array_crypto_device::open(array_crypto::pair const& under)
{
    if (settings_.how == profile::v1) {
        auto const opened = array_crypto::v1::open(under.seed, reply_);
        if (!opened)
            return opened.error();
        return opened->text;
    }
    if (reply_.size() < array_crypto::v2::header_size)
        return error::malformed_truncated;
    if (!array_crypto::v2::is_of(under.tick, reply_))
        return error::unproven_frame;
    return array_crypto::v2::open(env_.messages, under, reply_).text;
}

result<> array_crypto_device::send(bytes message, output& out)
{
    if (!established())
        return error::internal_closed;
    if (message.size() > settings_.message_limit)
        return error::limit_message_size;
    text_.assign(message.begin(), message.end());
    ask("GET", snapshot_path, out);
    doing_ = task::snapshot_to_seal;
    return {};
}

result<> array_crypto_device::ping(output& out)
{
    if (!established())
        return error::internal_closed;
    ask("GET", health_path, out);
    doing_ = task::health;
    return {};
}

result<> array_crypto_device::rekey(output&)
{
    return established() ? error::malformed_type : error::internal_closed;
}

result<> array_crypto_device::bye(output&)
{
    if (!established())
        return error::internal_closed;
    is_leaving_ = true;
    return {};
}

std::string_view array_crypto_device::awaits() const noexcept
{
    switch (doing_) {
    case task::handshake:
        return "the answer to POST /handshake";
    case task::snapshot_to_seal:
    case task::snapshot_to_open:
        return "a snapshot";
    case task::message:
        return "the answer to POST /message";
    case task::health:
        return "the answer to GET /health";
    case task::nothing:
        break;
    }
    return established() ? "a request" : "nothing";
}

}  // namespace gatehouse::device
