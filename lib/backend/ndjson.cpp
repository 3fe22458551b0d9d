// Records as JSON objects, one a line (docs/reference/records.md, "ndjson").
#include "backend/codec.h"
#include "backend/json_text.h"
#include "base/base64.h"
#include "base/utf8.h"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace gatehouse::backend {

namespace {

namespace json = boost::json;

constexpr std::string_view again_mark = ",\"again\":true}\n";

decoded broken(std::string_view why)
{
    return {decoded::verdict::broken, {}, why};
}

std::string_view text_or_empty(json::object const& object, std::string_view key)
{
    auto const* value = object.if_contains(key);
    auto const* text = value != nullptr ? value->if_string() : nullptr;
    return text != nullptr ? std::string_view{*text} : std::string_view{};
}

class ndjson_codec final : public codec {
public:
    explicit ndjson_codec(payload_form form) : form_{form}, parser_{{}, parse_options()} {}

    void write(hello_record const& record, buffer& out) const override
    {
        json_object{out, "hello"}
            .number("version", record_version)
            .text("gateway", record.gateway)
            .number("worker", record.worker)
            .end();
    }

    void write(open_record const& record, buffer& out) const override
    {
        auto const session = record.session.text();
        json_object{out, "open"}
            .plain("session", {session.data(), session.size()})
            .text("device", record.device)
            .text("protocol", record.protocol)
            .text("generation", record.generation)
            .text("listener", record.listener)
            .text("peer", record.peer)
            .text("credential", record.credential)
            .end();
    }

    void write(data_record const& record, buffer& out) const override
    {
        auto const session = record.session.text();
        json_object object{out, "data"};
        object.plain("session", {session.data(), session.size()})
            .text("device", record.device)
            .number("seq", record.sequence);
        put_payload(object, record.payload);
        object.end();
    }

    void write(undelivered_record const& record, buffer& out) const override
    {
        auto const session = record.session.text();
        json_object object{out, "undelivered"};
        object.plain("session", {session.data(), session.size()})
            .text("device", record.device)
            .number("seq", record.sequence);
        put_payload(object, record.payload);
        object.text("error", record.why).end();
    }

    void write(close_record const& record, buffer& out) const override
    {
        auto const session = record.session.text();
        json_object{out, "close"}
            .plain("session", {session.data(), session.size()})
            .text("device", record.device)
            .text("reason", record.reason)
            .end();
    }

    void write(error_record const& record, buffer& out) const override
    {
        auto const session = record.session.text();
        json_object object{out, "error"};
        object.text("error", record.text);
        if (record.session != session_id{})
            object.plain("session", {session.data(), session.size()});
        if (!record.device.empty())
            object.text("device", record.device);
        object.end();
    }

    void write_again(bytes record, buffer& out) const override
    {
        auto const mark = as_bytes(again_mark);
        constexpr std::size_t ending = 2;  // "}\n"
        bool const marked = record.size() >= mark.size() &&
                            std::equal(mark.begin(), mark.end(), record.last(mark.size()).begin());
        auto const kept = marked ? record : record.first(record.size() - ending);
        out.insert(out.end(), kept.begin(), kept.end());
        if (!marked)
            out.insert(out.end(), mark.begin(), mark.end());
    }

    result<std::size_t> split(bytes received) const override
    {
        auto const searched = received.first(std::min(received.size(), incoming_record_limit));
        auto const end = std::find(searched.begin(), searched.end(), std::uint8_t{'\n'});
        if (end != searched.end())
            return static_cast<std::size_t>(end - searched.begin()) + 1;
        if (searched.size() == incoming_record_limit)
            return error::backend_too_long;
        return std::size_t{0};
    }

    decoded decode(bytes record) override
    {
        auto const line = as_text(record);
        if (line.find_first_not_of(" \t\r\n") == std::string_view::npos)
            return {decoded::verdict::ignored, {}, {}};
        value_.reset();
        memory_.release();
        boost::system::error_code failure;
        parser_.reset(&memory_);
        parser_.write(line.data(), line.size(), failure);
        if (failure)
            return broken("line is not JSON");
        value_.emplace(parser_.release());
        auto const* object = value_->if_object();
        if (object == nullptr)
            return broken("line is not a JSON object");
        return read(*object);
    }

private:
    void put_payload(json_object& object, bytes payload) const
    {
        if (form_ == payload_form::text && is_utf8(payload))
            object.text("text", as_text(payload));
        else
            object.base64("data", payload);
    }

    static json::parse_options parse_options()
    {
        json::parse_options options;
        options.max_depth = 8;
        return options;
    }

    decoded read(json::object const& object)
    {
        command found;
        auto const refused = [&](std::string_view why) {
            return decoded{decoded::verdict::refused, found, why};
        };
        found.device = text_or_empty(object, "device");
        if (object.contains("session")) {
            auto const session = session_id::parse(text_or_empty(object, "session"));
            if (!session)
                return refused("session is not 16 hexadecimal digits");
            found.session = *session;
            found.device = {};
        }
        auto const type = text_or_empty(object, "type");
        if (type.empty())
            return refused("record has no type");
        if (type == "error")
            return {
                decoded::verdict::ignored, {}, {}};  // or two would complain to each other for ever
        if (type != "data" && type != "ack" && type != "close")
            return refused("unknown record type");
        if (found.session == session_id{} && (found.device.empty() || type == "ack"))
            return refused("record names no session");
        if (type == "close") {
            found.kind = command_kind::close;
            return {decoded::verdict::command, found, {}};
        }
        if (type == "ack")
            return read_ack(object, found);
        return read_data(object, found);
    }

    static decoded read_ack(json::object const& object, command found)
    {
        found.kind = command_kind::ack;
        auto const* sequence = object.if_contains("seq");
        boost::system::error_code failure;
        auto const number =
            sequence != nullptr ? sequence->to_number<std::uint64_t>(failure) : std::uint64_t{0};
        if (sequence == nullptr || failure)
            return {decoded::verdict::refused, found, "ack has no seq"};
        found.sequence = number;
        return {decoded::verdict::command, found, {}};
    }

    decoded read_data(json::object const& object, command found)
    {
        auto const* text = object.if_contains("text");
        auto const* data = object.if_contains("data");
        auto const* value = text != nullptr ? text : data;
        if (value == nullptr || (text != nullptr && data != nullptr) || !value->is_string())
            return {decoded::verdict::refused, found, "data record needs data or text"};
        std::string_view const content = value->get_string();
        found.payload = as_bytes(content);
        if (text == nullptr) {
            auto const size = from_base64(content, payload_);
            if (!size)
                return {decoded::verdict::refused, found, "data is not base64"};
            found.payload = bytes{payload_}.first(*size);
        }
        return {decoded::verdict::command, found, {}};
    }

    payload_form form_;
    // Strings of one line are parsed into this memory; the parser keeps its own between lines.
    std::array<unsigned char, 16 * 1024> storage_;
    json::monotonic_resource memory_{storage_.data(), storage_.size()};
    json::parser parser_;
    std::optional<json::value> value_;
    std::array<std::uint8_t, incoming_record_limit> payload_;
};

}  // namespace

std::unique_ptr<codec> make_ndjson_codec(payload_form form)
{
    return std::make_unique<ndjson_codec>(form);
}

}  // namespace gatehouse::backend
