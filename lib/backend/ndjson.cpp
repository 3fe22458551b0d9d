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

// A member that is text where it is there at all.
struct member {
    bool present = false;
    bool is_text = false;
    std::string_view text;

    bool is_wrong() const noexcept { return present && !is_text; }
};

member find(json::object const& object, std::string_view key)
{
    auto const* value = object.if_contains(key);
    if (value == nullptr)
        return {};
    auto const* text = value->if_string();
    if (text == nullptr)
        return {true, false, {}};
    return {true, true, *text};
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
        json_object object{out, "open"};
        object.plain("session", {session.data(), session.size()})
            .text("device", record.device)
            .text("protocol", record.protocol)
            .text("generation", record.generation)
            .text("listener", record.listener)
            .text("peer", record.peer)
            .text("credential", record.credential);
        if (!record.route.empty())
            object.text("route", record.route);
        if (!record.authenticated)
            object.is_not("authenticated");
        if (!record.is_protected)
            object.plain("protection", "none");
        object.end();
    }

    void write(data_record const& record, buffer& out) const override
    {
        auto const session = record.session.text();
        json_object object{out, "data"};
        object.plain("session", {session.data(), session.size()})
            .text("device", record.device)
            .number("seq", record.sequence);
        put_payload(object, record.payload);
        if (!record.plain.empty())
            object.raw("plain", as_text(record.plain));
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
        if (!record.ref.empty())
            object.text("ref", record.ref);
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
        if (failure == json::error::too_deep)
            return broken("line is nested too deeply");
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

    // What a record says of its address and its name goes back in the answer, whatever else is
    // wrong.
    decoded read(json::object const& object)
    {
        auto const type = find(object, "type");
        auto const session = find(object, "session");
        auto const device = find(object, "device");
        auto const ref = find(object, "ref");
        bool const ref_fits = ref.is_text && !ref.text.empty() && ref.text.size() <= longest_ref;
        auto const id = session_id::parse(session.text);
        command found;
        if (ref_fits)
            found.ref = ref.text;
        if (id)
            found.session = *id;
        else if (device.text.size() <= longest_device)
            found.device = device.text;
        auto const refused = [&](std::string_view why) {
            return decoded{decoded::verdict::refused, found, why};
        };
        if (type.is_wrong())
            return refused("\"type\" must be text");
        if (type.text.empty())
            return refused("record has no type");
        if (type.text == "error")
            return {
                decoded::verdict::ignored, {}, {}};  // or two would complain to each other for ever
        if (session.is_wrong())
            return refused("\"session\" must be text");
        if (device.is_wrong())
            return refused("\"device\" must be text");
        if (ref.is_wrong())
            return refused("\"ref\" must be text");
        if (ref.present && !ref_fits)
            return refused("\"ref\" must have 1 to 128 bytes");
        if (type.text != "data" && type.text != "ack" && type.text != "close")
            return refused("unknown record type");
        if (session.present && !id)
            return refused("session is not 16 hexadecimal digits");
        if (found.session == session_id{} && device.text.size() > longest_device)
            return refused("unknown device");
        if (found.session == session_id{} && (found.device.empty() || type.text == "ack"))
            return refused("record names no session");
        if (type.text == "close") {
            found.kind = command_kind::close;
            return {decoded::verdict::command, found, {}};
        }
        if (type.text == "ack")
            return read_ack(object, found);
        return read_data(object, found);
    }

    static decoded read_ack(json::object const& object, command found)
    {
        found.kind = command_kind::ack;
        auto const* sequence = object.if_contains("seq");
        if (sequence == nullptr)
            return {decoded::verdict::refused, found, "ack has no seq"};
        boost::system::error_code failure;
        found.sequence = sequence->to_number<std::uint64_t>(failure);
        if (failure)
            return {decoded::verdict::refused, found, "\"seq\" must be a whole number from 0 on"};
        return {decoded::verdict::command, found, {}};
    }

    decoded read_data(json::object const& object, command found)
    {
        auto const refused = [&](std::string_view why) {
            return decoded{decoded::verdict::refused, found, why};
        };
        auto const text = find(object, "text");
        auto const data = find(object, "data");
        if (text.is_wrong())
            return refused("\"text\" must be text");
        if (data.is_wrong())
            return refused("\"data\" must be text");
        auto const status = find(object, "status");
        if (status.is_wrong())
            return refused("\"status\" must be text");
        bool const has_one = text.present != data.present;
        bool const has_none = !text.present && !data.present;
        if (!has_one && !(has_none && status.present))
            return refused("data record needs data or text");
        found.status = status.text;
        found.payload = as_bytes(text.text);
        if (data.present) {
            auto const size = from_base64(data.text, payload_);
            if (!size)
                return refused("data is not base64");
            found.payload = bytes{payload_}.first(*size);
        }
        return {decoded::verdict::command, found, {}};
    }

    payload_form form_;
    // Strings of one line are parsed into this memory; the parser keeps its own between lines.
    std::array<unsigned char, 16 * 1024> storage_{};
    json::monotonic_resource memory_{storage_.data(), storage_.size()};
    json::parser parser_;
    std::optional<json::value> value_;
    std::array<std::uint8_t, incoming_record_limit> payload_{};
};

}  // namespace

std::unique_ptr<codec> make_ndjson_codec(payload_form form)
{
    return std::make_unique<ndjson_codec>(form);
}

}  // namespace gatehouse::backend
