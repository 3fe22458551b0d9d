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
        return was_accepted(dh) ? welcome::ignored : welcome::open;
    case verdict::other:
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

// Under every key that could open it now: such a packet is not worth an agreement.
bool datagram_door::was_accepted(dh_value const& dh)
{
    auto& common = shared_.common;
    bool known = false;
    for (auto const& own : common.keys) {
        if (!own.key->accepted_at(common.wall_now))
            continue;
        known = own.accepted->knows(own.accepted->marks_of(common.crypto.hmac, dh));
        if (!known)
            break;
    }
    return known;
}

datagram_door::memory_figures datagram_door::take_memory_figures()
{
    auto const& common = shared_.common;
    memory_figures made{common.known.size(), common.known.take_forgotten_early(), {}};
    for (auto const& own : common.keys) {
        auto const fill = own.accepted->take_notice();
        if (fill != replay_filter::fill::some)
            made.scarce = {
                own.key->id,
                own.accepted->requests(),
                fill == replay_filter::fill::full,
            };
    }
    return made;
}

datagram_session_ptr datagram_door::open(time_point deadline)
{
    return datagram_session::make(shared_, deadline);
}

}  // namespace gatehouse::pssst
