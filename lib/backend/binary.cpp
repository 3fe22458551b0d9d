#include "backend/binary_record.h"
#include "wire/reader.h"
#include "wire/writer.h"

#include <algorithm>
#include <initializer_list>

namespace gatehouse::backend {

namespace {

constexpr std::size_t text_limit = 255;

std::string_view cut(std::string_view text) noexcept
{
    return text.substr(0, text_limit);
}

void put_text(wire::writer& out, std::string_view text)
{
    out.big(static_cast<std::uint8_t>(cut(text).size())).put(as_bytes(cut(text)));
}

std::size_t text_size(std::initializer_list<std::string_view> texts)
{
    std::size_t size = 0;
    for (auto const text : texts)
        size += 1 + cut(text).size();
    return size;
}

// Room for a record with a body of `body` bytes; header written.
mutable_bytes start(binary_type type, session_id session, std::size_t body, buffer& out)
{
    auto const at = out.size();
    out.resize(at + binary_length_size + binary_header_size + body);
    auto const record = mutable_bytes{out}.subspan(at);
    wire::writer{record}
        .big(static_cast<std::uint32_t>(binary_header_size + body))
        .big(static_cast<std::uint8_t>(type))
        .big(std::uint8_t{0})
        .put(session.bytes());
    return record.subspan(binary_length_size + binary_header_size);
}

decoded refused(command const& found, std::string_view why)
{
    return {decoded::verdict::refused, found, why};
}

// What comes back in the answer is no name that is too long.
decoded refused_ref(command found)
{
    found.ref = {};
    return refused(found, "\"ref\" must have 1 to 128 bytes");
}

std::string_view take_text(wire::reader& in)
{
    auto const size = in.big<std::uint8_t>();
    return as_text(in.take(size));
}

class binary_codec final : public codec {
public:
    void write(hello_record const& record, buffer& out) const override
    {
        auto const size = 4 + text_size({record.gateway});
        wire::writer body{start(binary_type::hello, session_id{}, size, out)};
        body.big(static_cast<std::uint16_t>(record_version));
        body.big(static_cast<std::uint16_t>(record.worker));
        put_text(body, record.gateway);
    }

    void write(open_record const& record, buffer& out) const override
    {
        auto const texts = {
            record.device,
            record.protocol,
            record.generation,
            record.listener,
            record.peer,
            record.credential};
        auto const at = out.size();
        auto const route = record.route.empty() ? 0 : text_size({record.route});
        wire::writer body{start(binary_type::open, record.session, text_size(texts) + route, out)};
        for (auto const text : texts)
            put_text(body, text);
        if (route > 0)
            put_text(body, record.route);
        if (!record.authenticated)
            out[at + binary_flags_offset] |= binary_unauthenticated;
        if (!record.is_protected)
            out[at + binary_flags_offset] |= binary_unprotected;
    }

    void write(data_record const& record, buffer& out) const override
    {
        auto const at = out.size();
        auto const beside = record.plain.empty() ? 0 : 4 + record.plain.size();
        auto const size = 8 + text_size({record.device}) + beside + record.payload.size();
        wire::writer body{start(binary_type::data, record.session, size, out)};
        body.big(record.sequence);
        put_text(body, record.device);
        if (beside > 0) {
            body.big(static_cast<std::uint32_t>(record.plain.size())).put(record.plain);
            out[at + binary_flags_offset] |= binary_beside;
        }
        body.put(record.payload);
    }

    void write(undelivered_record const& record, buffer& out) const override
    {
        auto const size = 8 + text_size({record.device, record.why}) + record.payload.size();
        wire::writer body{start(binary_type::undelivered, record.session, size, out)};
        body.big(record.sequence);
        put_text(body, record.device);
        put_text(body, record.why);
        body.put(record.payload);
    }

    void write(close_record const& record, buffer& out) const override
    {
        auto const size = text_size({record.device, record.reason});
        wire::writer body{start(binary_type::close, record.session, size, out)};
        put_text(body, record.device);
        put_text(body, record.reason);
    }

    void write(error_record const& record, buffer& out) const override
    {
        auto const ref = record.ref.empty() ? 0 : text_size({record.ref});
        auto const size = text_size({record.device, record.text}) + ref;
        wire::writer body{start(binary_type::error, record.session, size, out)};
        put_text(body, record.device);
        put_text(body, record.text);
        if (ref > 0)
            put_text(body, record.ref);
    }

    void write_again(bytes record, buffer& out) const override
    {
        auto const at = out.size();
        out.insert(out.end(), record.begin(), record.end());
        out[at + binary_flags_offset] |= binary_again;
    }

    result<std::size_t> split(bytes received) const override
    {
        if (received.size() < binary_length_size)
            return std::size_t{0};
        auto const size = binary_length_size + wire::reader{received}.big<std::uint32_t>();
        if (size > incoming_record_limit)
            return error::backend_too_long;
        return received.size() < size ? std::size_t{0} : size;
    }

    decoded decode(bytes record) override
    {
        wire::reader in{record};
        in.take(binary_length_size);
        auto const type = static_cast<binary_type>(in.big<std::uint8_t>());
        auto const flags = in.big<std::uint8_t>();
        command found;
        found.session = session_id{in.big<std::uint64_t>()};
        if (!in.ok())
            return {decoded::verdict::broken, found, "record is shorter than its header"};
        switch (type) {
        case binary_type::data:
            return read_data(in, flags, found);
        case binary_type::close:
            return read_close(in, flags, found);
        case binary_type::ack:
            return read_ack(in, flags, found);
        case binary_type::error:
            return {decoded::verdict::ignored, {}, {}};  // or two would complain to each other
        default:
            return refused(found, "unknown record type");
        }
    }

private:
    // A session wins over a device.
    static decoded addressed(wire::reader const& in, command& found, std::string_view device)
    {
        if (!in.ok())
            return refused(found, "record is shorter than its fields");
        if (found.ref.size() > longest_ref)
            return refused_ref(found);
        if (found.session == session_id{})
            found.device = device;
        if (found.session == session_id{} && device.empty())
            return refused(found, "record names no session");
        return {decoded::verdict::command, found, {}};
    }

    static std::string_view take_ref(wire::reader& in, std::uint8_t flags)
    {
        return (flags & binary_named) != 0 ? take_text(in) : std::string_view{};
    }

    static decoded read_data(wire::reader& in, std::uint8_t flags, command found)
    {
        found.kind = command_kind::data;
        in.big<std::uint64_t>();
        auto const device = take_text(in);
        found.ref = take_ref(in, flags);
        if ((flags & binary_beside) != 0)
            found.status = take_text(in);
        found.payload = in.take_rest();
        return addressed(in, found, device);
    }

    static decoded read_close(wire::reader& in, std::uint8_t flags, command found)
    {
        found.kind = command_kind::close;
        auto const device = in.remaining() > 0 ? take_text(in) : std::string_view{};
        found.ref = take_ref(in, flags);
        return addressed(in, found, device);
    }

    static decoded read_ack(wire::reader& in, std::uint8_t flags, command found)
    {
        found.kind = command_kind::ack;
        found.sequence = in.big<std::uint64_t>();
        if (!in.ok())
            return refused(found, "ack has no sequence");
        found.ref = take_ref(in, flags);
        return addressed(in, found, {});
    }
};

}  // namespace

std::unique_ptr<codec> make_binary_codec()
{
    return std::make_unique<binary_codec>();
}

}  // namespace gatehouse::backend
