#include "protocol/usmp/datagram_door.h"

#include "base/assert.h"
#include "protocol/usmp/datagram_session.h"
#include "protocol/usmp/limits.h"
#include "protocol/usmp/transport_ack.h"
#include "wire/reader.h"

namespace gatehouse::usmp {

namespace {

datagram_look refused(error why)
{
    datagram_look look;
    look.why = why;
    return look;
}

datagram_look refused_hello(error why, identity::device_id const& device = {})
{
    auto look = refused(why);
    look.device = device;
    look.is_handshake = true;
    return look;
}

}  // namespace

datagram_door::datagram_door(environment& common, cookie_policy policy, handshake_capacity capacity)
    : memory_{sizeof(datagram_session), capacity.most}
    , outboxes_{limits::spare_outboxes}
    , shared_{common, memory_, outboxes_}
    , cookies_{common.crypto.hmac, common.random}
    , demand_{policy, capacity.most / capacity.workers}
{
}

datagram_look datagram_door::look(bytes datagram) const
{
    datagram_look look;
    if (transport_ack::parse(datagram)) {
        look.what = datagram_look::verdict::unnamed;
        return look;
    }
    if (datagram.size() < header_size)
        return refused(error::malformed_length);
    auto const header = parse_header(datagram);
    if (!header)
        return refused(header.error());
    if (header->type == frame_type::hello)
        return header->frame_size() == datagram.size()
                   ? look_at_hello(header->version, datagram.subspan(header_size))
                   : refused_hello(error::malformed_length);
    if (header->frame_size() != datagram.size())
        return refused(error::malformed_length);
    if (header->type == frame_type::hello_ack) {
        look.what = datagram_look::verdict::unnamed;
        return look;
    }
    if (!is_session_type(header->type))
        return refused(error::malformed_type);
    if (datagram.size() < wire_id_offset + sizeof(session_id::raw))
        return refused(error::malformed_length);
    look.what = datagram_look::verdict::named;
    look.session = session_id{wire::reader{datagram.subspan(wire_id_offset)}.big<std::uint64_t>()};
    return look;
}

datagram_look datagram_door::look_at_hello(std::uint8_t version, bytes payload) const
{
    bool const admitted = shared_.common.config.admits_version(version);
    auto const read = datagram_hello::parse(payload);
    if (!read)
        return refused_hello(admitted ? read.error() : error::incompatible_version);
    auto const device = identity::device_id::from_mac(read->message.device);
    if (!admitted)
        return refused_hello(error::incompatible_version, device);
    datagram_look look;
    look.what = datagram_look::verdict::hello;
    look.device = device;
    return look;
}

// Releases before 0.6 know no HELLO_RETRY and fail on it: better at once than after five tries.
datagram_door::welcome datagram_door::meet(
    time_point now, peer_address const& from, bytes hello, output& out
)
{
    if (!demand_.required(now, shared_.handshakes)) {
        demand_.begun(now);
        return welcome::open;
    }
    auto const header = parse_header(hello);
    auto const read = datagram_hello::parse(hello.subspan(header_size));
    GATEHOUSE_ASSERT(header && read);
    if (read->cookie && cookies_.accepts(now, from, *read->cookie))
        return welcome::open;
    write_ack({frame_type::hello, header->sequence}, out.wire);
    write(handshake_frame{header->version, 0}, hello_retry{cookies_.make(now, from)}, out.wire);
    return welcome::answered;
}

datagram_session_ptr datagram_door::open(time_point deadline)
{
    return datagram_session::make(shared_, deadline);
}

bool datagram_door::asks_for_proof(time_point now)
{
    return demand_.required(now, shared_.handshakes);
}

}  // namespace gatehouse::usmp
