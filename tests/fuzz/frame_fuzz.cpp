// Any bytes as a frame: header, checksum, the four handshake messages and the door.
#include "fuzz/require.h"
#include "protocol/usmp/frame.h"
#include "protocol/usmp/messages.h"
#include "protocol/usmp/stream_door.h"
#include "support/reference_device.h"
#include "support/usmp_fixture.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace gatehouse::test {
namespace {

void parse_messages(bytes payload)
{
    require(usmp::hello::parse(payload).has_value() == (payload.size() == 38));
    require(usmp::challenge::parse(payload).has_value() == (payload.size() == 64));
    require(usmp::hello_ack::parse(payload).has_value() == (payload.size() == 32));
    require(usmp::session_ok::parse(payload, 4).has_value() == (payload.size() == 36));
    require(usmp::session_ok::parse(payload, 16).has_value() == (payload.size() == 48));
}

// A header that was parsed is written as it was.
void write_again(usmp::frame_header const& header, bytes received)
{
    byte_string again(header.frame_size());
    usmp::write_header(header, again);
    require(std::equal(again.begin(), again.begin() + 10, received.begin()));
    if (received.size() < header.frame_size())
        return;
    auto const frame = received.first(header.frame_size());
    auto const payload = frame.subspan(usmp::header_size);
    std::copy(payload.begin(), payload.end(), again.begin() + usmp::header_size);
    usmp::write_checksum(again);
    bool const same = std::equal(again.begin(), again.end(), frame.begin());
    require(usmp::checksum_matches(header, frame) == same);
    auto reference = again;
    mend_checksum(reference);
    require(reference == again);
    parse_messages(payload);
}

void look(bytes received)
{
    static usmp_world world{{}};
    static usmp::stream_door const door{world.env};
    auto const seen = door.look(received);
    if (seen.what == first_look::verdict::incomplete)
        require(received.size() < door.hello_limit());
    if (seen.what == first_look::verdict::hello)
        require(received.size() >= door.hello_limit() && seen.device.raw().size() == 6);
    require(world.random.drawn() == 0);
}

}  // namespace
}  // namespace gatehouse::test

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace gatehouse;
    bytes const received{data, size};
    test::look(received);
    test::parse_messages(received);
    auto const header = usmp::parse_header(received);
    if (header) {
        test::require(usmp::starts_like_a_frame(received));
        test::require(header->length <= usmp::payload_limit);
        test::write_again(*header, received);
    }
    return 0;
}
