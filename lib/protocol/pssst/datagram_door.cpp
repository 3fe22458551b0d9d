#include "protocol/pssst/datagram_door.h"

#include "protocol/pssst/datagram_session.h"
#include "protocol/pssst/limits.h"
#include "wire/reader.h"

#include <algorithm>

namespace gatehouse::pssst {

datagram_door::datagram_door(environment& common)
    : memory_{sizeof(datagram_session), limits::spare_requests}
    , shared_{common, memory_, untouched_}
{
}

datagram_look datagram_door::look(bytes datagram) const
{
    datagram_look seen;
    auto const head = parse_request(datagram);
    if (!head) {
        seen.why = head.error();
        return seen;
    }
    seen.what = datagram_look::verdict::hello;
    seen.worker_byte = head->dh.front();
    return seen;
}

datagram_door::welcome datagram_door::meet(
    time_point, peer_address const&, bytes request, output& out
)
{
    using verdict = duplicate_cache::finding::verdict;
    auto const dh = wire::reader{request.subspan(header_size)}.array<dh_size>();
    auto const found = shared_.common.known.find(dh, request);
    switch (found.what) {
    case verdict::unknown:
        break;
    case verdict::silent:
        return welcome::ignored;
    case verdict::answered:
        std::copy(
            found.reply.begin(), found.reply.end(), out.wire.frame(found.reply.size()).begin()
        );
        return welcome::answered;
    }
    return welcome::open;
}

datagram_session_ptr datagram_door::open(time_point deadline)
{
    return datagram_session::make(shared_, deadline);
}

}  // namespace gatehouse::pssst
