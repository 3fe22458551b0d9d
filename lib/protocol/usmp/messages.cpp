#include "protocol/usmp/messages.h"

#include "base/assert.h"
#include "wire/reader.h"
#include "wire/writer.h"

#include <algorithm>

namespace gatehouse::usmp {

namespace {

struct outgoing {
    handshake_frame frame;
    frame_type type;
    bytes first;
    bytes second;
};

void write_frame(outgoing const& message, wire_buffer& out)
{
    auto const length = message.first.size() + message.second.size();
    auto const to = out.frame(header_size + length);
    write_header(
        {
            .version = message.frame.version,
            .type = message.type,
            .sequence = message.frame.sequence,
            .length = static_cast<std::uint16_t>(length),
        },
        to
    );
    auto const payload = to.subspan(header_size);
    std::copy(message.first.begin(), message.first.end(), payload.begin());
    auto const rest = payload.subspan(message.first.size());
    std::copy(message.second.begin(), message.second.end(), rest.begin());
    write_checksum(to);
}

}  // namespace

result<hello> hello::parse(bytes payload) noexcept
{
    if (payload.size() != size)
        return error::malformed_length;
    wire::reader in{payload};
    hello message;
    message.device = in.array<identity::device_id::mac_size>();
    message.public_key = in.array<crypto::x25519_size>();
    return message;
}

result<datagram_hello> datagram_hello::parse(bytes payload) noexcept
{
    bool const has_cookie = payload.size() == hello::size + hello_retry::size;
    if (payload.size() != hello::size && !has_cookie)
        return error::malformed_length;
    auto const plain = hello::parse(payload.first(hello::size));
    if (!plain)
        return plain.error();
    datagram_hello read{*plain, {}};
    if (has_cookie)
        read.cookie = wire::reader{payload.subspan(hello::size)}.array<hello_retry::size>();
    return read;
}

result<hello_retry> hello_retry::parse(bytes payload) noexcept
{
    if (payload.size() != size)
        return error::malformed_length;
    return hello_retry{wire::reader{payload}.array<size>()};
}

result<challenge> challenge::parse(bytes payload) noexcept
{
    if (payload.size() != size)
        return error::malformed_length;
    wire::reader in{payload};
    challenge message;
    message.nonce = in.array<32>();
    message.public_key = in.array<crypto::x25519_size>();
    return message;
}

result<hello_ack> hello_ack::parse(bytes payload) noexcept
{
    if (payload.size() != size)
        return error::malformed_length;
    return hello_ack{wire::reader{payload}.array<crypto::hmac_size>()};
}

wire_session_id::wire_session_id(bytes id) noexcept : size_{static_cast<std::uint8_t>(id.size())}
{
    GATEHOUSE_ASSERT(id.size() <= data_.size());
    std::copy(id.begin(), id.end(), data_.begin());
}

result<session_ok> session_ok::parse(bytes payload, std::size_t id_size) noexcept
{
    if (payload.size() != id_size + crypto::hmac_size)
        return error::malformed_length;
    wire::reader in{payload};
    session_ok message;
    message.id = wire_session_id{in.take(id_size)};
    message.proof = in.array<crypto::hmac_size>();
    return message;
}

void write(handshake_frame frame, hello const& message, wire_buffer& out)
{
    write_frame({frame, frame_type::hello, message.device, message.public_key}, out);
}

void write(handshake_frame frame, datagram_hello const& message, wire_buffer& out)
{
    if (!message.cookie) {
        write(frame, message.message, out);
        return;
    }
    std::array<std::uint8_t, identity::device_id::mac_size + crypto::x25519_size> plain{};
    wire::writer{plain}.put(message.message.device).put(message.message.public_key);
    write_frame({frame, frame_type::hello, plain, *message.cookie}, out);
}

void write(handshake_frame frame, hello_retry const& message, wire_buffer& out)
{
    write_frame({frame, frame_type::hello_retry, message.cookie, {}}, out);
}

void write(handshake_frame frame, challenge const& message, wire_buffer& out)
{
    write_frame({frame, frame_type::challenge, message.nonce, message.public_key}, out);
}

void write(handshake_frame frame, hello_ack const& message, wire_buffer& out)
{
    write_frame({frame, frame_type::hello_ack, message.proof, {}}, out);
}

void write(handshake_frame frame, session_ok const& message, wire_buffer& out)
{
    write_frame({frame, frame_type::session_ok, message.id.get(), message.proof}, out);
}

}  // namespace gatehouse::usmp
