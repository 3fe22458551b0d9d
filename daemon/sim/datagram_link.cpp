#include "datagram_link.h"

namespace gatehouse::sim {

failure datagram_link::take(mutable_bytes datagram)
{
    auto const taken = device_->receive(run_.now, datagram, run_.out);
    return taken ? failure{} : failure::refused(taken.error());
}

failure datagram_link::on_time()
{
    device_->on_deadline(run_.now, run_.out);
    return {};
}

failure datagram_link::flush()
{
    auto const& wire = run_.out.wire;
    for (std::size_t i = 0; i < wire.frames(); ++i)
        run_.traffic->send(index_, wire.frame_at(i));
    run_.out.clear();
    return {};
}

failure datagram_link::ending() const
{
    if (device_->gave_up())
        return failure::of(failure::kind::unanswered);
    if (device_->dismissed())
        return failure::of(failure::kind::dismissed);
    return {};
}

}  // namespace gatehouse::sim
