#include "protocol/usmp/frame.h"

#include "protocol/usmp/crc16.h"
#include "wire/reader.h"
#include "wire/writer.h"

#include <algorithm>

namespace gatehouse::usmp {

namespace {

std::uint16_t checksum_of(bytes frame) noexcept
{
    return crc16(frame.subspan(header_size), crc16(frame.first(additional_data_size)));
}

}  // namespace

bool starts_like_a_frame(bytes received) noexcept
{
    auto const known = std::min(received.size(), frame_magic.size());
    return std::equal(
        frame_magic.begin(),
        frame_magic.begin() + static_cast<std::ptrdiff_t>(known),
        received.begin()
    );
}

result<frame_header> parse_header(bytes received) noexcept
{
    wire::reader in{received};
    if (in.array<2>() != frame_magic)
        return error::malformed_magic;
    frame_header header;
    header.version = in.little<std::uint8_t>();
    header.type = static_cast<frame_type>(in.little<std::uint8_t>());
    header.sequence = in.little<std::uint32_t>();
    header.length = in.little<std::uint16_t>();
    header.checksum = in.little<std::uint16_t>();
    if (!in.ok())
        return error::malformed_length;
    if (header.length > payload_limit)
        return error::malformed_oversize;
    return header;
}

bool checksum_matches(frame_header const& header, bytes frame) noexcept
{
    return checksum_of(frame) == header.checksum;
}

void write_header(frame_header const& header, mutable_bytes frame) noexcept
{
    wire::writer{frame}
        .put(frame_magic)
        .little(header.version)
        .little(static_cast<std::uint8_t>(header.type))
        .little(header.sequence)
        .little(header.length);
}

void write_checksum(mutable_bytes frame) noexcept
{
    auto const checksum = checksum_of(frame);
    wire::writer{frame.subspan(additional_data_size)}.little(checksum);
}

}  // namespace gatehouse::usmp
