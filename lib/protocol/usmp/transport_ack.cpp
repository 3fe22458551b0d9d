#include "protocol/usmp/transport_ack.h"

#include "wire/reader.h"
#include "wire/writer.h"

#include <algorithm>

namespace gatehouse::usmp {

namespace {

std::array<std::uint8_t, ack_size> body_of(acked_frame what) noexcept
{
    std::array<std::uint8_t, ack_size> body{};
    wire::writer{body}
        .put(ack_magic)
        .little(static_cast<std::uint8_t>(what.type))
        .little(what.sequence);
    return body;
}

}  // namespace

std::optional<transport_ack> transport_ack::parse(bytes datagram) noexcept
{
    if (datagram.size() != ack_size && datagram.size() != ack_size + ack_mac_size)
        return std::nullopt;
    wire::reader in{datagram};
    if (in.array<2>() != ack_magic)
        return std::nullopt;
    transport_ack read;
    read.what.type = static_cast<frame_type>(in.little<std::uint8_t>());
    read.what.sequence = in.little<std::uint32_t>();
    if (in.remaining() == ack_mac_size)
        read.mac = in.array<ack_mac_size>();
    return read;
}

ack_mac prove_ack(crypto::hmac_sha256& hmac, acked_frame what, crypto::aead_key const& key)
{
    auto const tag = hmac.compute(key.expose(), {body_of(what)});
    ack_mac proof{};
    std::copy_n(tag.begin(), proof.size(), proof.begin());
    return proof;
}

void write_ack(acked_frame what, wire_buffer& out)
{
    auto const body = body_of(what);
    std::copy(body.begin(), body.end(), out.frame(body.size()).begin());
}

void write_ack(acked_frame what, ack_mac const& proof, wire_buffer& out)
{
    wire::writer{out.frame(ack_size + ack_mac_size)}.put(body_of(what)).put(proof);
}

bool acks_are_proven(profile const& how) noexcept
{
    return how.transcript_prefix;
}

}  // namespace gatehouse::usmp
