#include "protocol/pssst/packet.h"

#include "wire/reader.h"
#include "wire/writer.h"

namespace gatehouse::pssst {

namespace {

header_bytes write_header(std::uint32_t flags) noexcept
{
    header_bytes made{};
    wire::writer out{made};
    out.big(static_cast<std::uint16_t>(flags)).big(only_suite);
    return made;
}

}  // namespace

bool packet_head::has_client() const noexcept
{
    return (wire::reader{header}.big<std::uint16_t>() & client_flag) != 0;
}

result<packet_head> parse_request(bytes packet)
{
    if (packet.size() < header_size)
        return error::malformed_truncated;
    wire::reader in{packet};
    packet_head made;
    made.header = in.array<header_size>();
    wire::reader fields{made.header};
    auto const flags = fields.big<std::uint16_t>();
    auto const suite = fields.big<std::uint16_t>();
    if (suite != no_suite && suite != only_suite)
        return error::incompatible_suite;
    if ((flags & reply_flag) != 0)
        return error::malformed_reply_flag;
    if (suite != only_suite)
        return error::incompatible_suite;
    if (packet.size() < overhead)
        return error::malformed_truncated;
    made.dh = in.array<dh_size>();
    return made;
}

header_bytes request_header(client_kind from) noexcept
{
    return write_header(from == client_kind::authenticated ? client_flag : 0U);
}

header_bytes reply_header(client_kind to) noexcept
{
    return write_header(reply_flag | (to == client_kind::authenticated ? client_flag : 0U));
}

}  // namespace gatehouse::pssst
