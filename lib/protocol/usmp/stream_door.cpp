#include "protocol/usmp/stream_door.h"

#include "protocol/usmp/frame.h"
#include "protocol/usmp/messages.h"
#include "protocol/usmp/stream_session.h"

namespace gatehouse::usmp {

result<first_look> stream_door::look(bytes received) const
{
    if (!starts_like_a_frame(received))
        return error::malformed_magic;
    if (received.size() < header_size)
        return first_look{};
    auto const header = parse_header(received);
    if (!header)
        return header.error();
    if (header->type != frame_type::hello)
        return error::malformed_type;
    if (!env_.config.admits_version(header->version))
        return error::incompatible_version;
    if (header->length != hello::size)
        return error::malformed_length;
    if (received.size() < header->frame_size())
        return first_look{};
    auto const message = hello::parse(received.subspan(header_size, hello::size));
    if (!message)
        return message.error();
    return first_look{true, identity::device_id::from_mac(message->device)};
}

std::size_t stream_door::hello_limit() const
{
    return header_size + hello::size;
}

std::unique_ptr<session> stream_door::open(time_point deadline)
{
    return std::make_unique<stream_session>(env_, deadline);
}

}  // namespace gatehouse::usmp
