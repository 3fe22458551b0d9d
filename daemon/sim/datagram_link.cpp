#include "datagram_link.h"

#include <algorithm>

namespace gatehouse::sim {

namespace {

constexpr rough_path::traveller upwards{.device = 0, .where = rough_path::way::up};
constexpr rough_path::traveller downwards{.device = 0, .where = rough_path::way::down};

}  // namespace

datagram_link::datagram_link(executor const& where, toolbox& tools, device_options const& options)
    : options_{options}
    , tools_{tools}
    , line_{where}
    , device_{options.kind->make_datagram(0)}
    , path_{options.path}
{
}

void datagram_link::cancel() noexcept
{
    boost::system::error_code ignored;
    line_.socket().cancel(ignored);
}

void datagram_link::start(time_point now)
{
    if (options_.rebind > duration::zero())
        rebind_at_ = later(now, options_.rebind);
    device_->start(now, tools_.out);
}

// One datagram a call: its messages stand in the read buffer.
failure datagram_link::take(time_point now)
{
    mutable_bytes const buffer{tools_.read_buffer};
    auto const size = line_.receive(buffer);
    if (!size || !path_.pass(now, downwards, buffer.first(*size)))
        return {};
    return hear(now, buffer.first(*size));
}

failure datagram_link::hear(time_point now, mutable_bytes datagram)
{
    if (auto const taken = device_->receive(now, datagram, tools_.out); !taken)
        return failure::refused(taken.error());
    return ending();
}

failure datagram_link::on_time(time_point now)
{
    if (now >= rebind_at_) {
        rebind_at_ = later(now, options_.rebind);
        if (auto const wrong = line_.open(options_.gateway))
            return wrong;
    }
    device_->on_deadline(now, tools_.out);
    if (auto const over = ending())
        return over;
    auto const delayed = path_.take_due(now);
    if (!delayed)
        return {};
    if (delayed->who.where == rough_path::way::up) {
        line_.send(delayed->datagram);
        return {};
    }
    mutable_bytes const buffer{tools_.read_buffer};
    std::copy(delayed->datagram.begin(), delayed->datagram.end(), buffer.begin());
    return hear(now, buffer.first(delayed->datagram.size()));
}

time_point datagram_link::due(time_point) const
{
    return std::min({device_->deadline(), path_.next_due(), rebind_at_});
}

failure datagram_link::flush(time_point now)
{
    auto const& wire = tools_.out.wire;
    for (std::size_t i = 0; i < wire.frames(); ++i)
        if (auto const datagram = wire.frame_at(i); path_.pass(now, upwards, datagram))
            line_.send(datagram);
    tools_.out.clear();
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
