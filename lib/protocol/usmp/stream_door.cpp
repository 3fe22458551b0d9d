#include "protocol/usmp/stream_door.h"

#include "protocol/usmp/frame.h"
#include "protocol/usmp/messages.h"
#include "protocol/usmp/stream_session.h"

namespace gatehouse::usmp {

namespace {

first_look refused(error why, identity::device_id const& device = {})
{
    return {first_look::verdict::refused, why, device};
}

}  // namespace

first_look stream_door::look(bytes received) const
{
    if (!starts_like_a_frame(received))
        return refused(error::malformed_magic);
    if (received.size() < header_size)
        return {};
    auto const header = parse_header(received);
    if (!header)
        return refused(header.error());
    if (header->type != frame_type::hello)
        return refused(error::malformed_type);
    bool const admitted = env_.config.admits_version(header->version);
    if (header->length != hello::size)
        return refused(admitted ? error::malformed_length : error::incompatible_version);
    if (received.size() < header->frame_size())
        return {};
    auto const message = hello::parse(received.subspan(header_size, hello::size));
    if (!message)
        return refused(message.error());
    auto const device = identity::device_id::from_mac(message->device);
    if (!admitted)
        return refused(error::incompatible_version, device);
    return {first_look::verdict::hello, {}, device};
}

std::size_t stream_door::hello_limit() const
{
    return header_size + hello::size;
}

std::unique_ptr<session> stream_door::open(time_point deadline, peer_address const&)
{
    return std::make_unique<stream_session>(env_, deadline);
}

}  // namespace gatehouse::usmp
