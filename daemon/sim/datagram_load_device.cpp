#include "datagram_load_device.h"

#include "datagram_traffic.h"
#include "net/clock.h"

#include <chrono>
#include <utility>

namespace gatehouse::sim {

void datagram_load_device::open()
{
    link_ = run().options.device.kind->make_datagram(index());
    if (auto const wrong = run().traffic->open(index())) {
        drop(wrong);
        return;
    }
    now_at(stage::shaking_hands);
    link_->start(run().now, run().tools.out);
    flush();
    appoint_rebind();
}

void datagram_load_device::take(mutable_bytes datagram)
{
    if (!link_)
        return;
    auto const taken = link_->receive(run().now, datagram, run().tools.out);
    for (auto const message : run().tools.out.up)
        hear(message);
    flush();
    if (!taken)
        drop(failure::refused(taken.error()));
    else
        look();
}

// What has become of the session.
void datagram_load_device::look()
{
    if (link_->over()) {
        failure why;
        if (link_->gave_up())
            why = failure::of(failure::kind::unanswered);
        if (link_->dismissed())
            why = failure::of(failure::kind::dismissed);
        drop(why);
    } else if (at() == stage::shaking_hands && link_->established()) {
        establish();
    } else {
        go_on();
    }
}

result<> datagram_load_device::say(bytes message)
{
    return link_->send(run().now, message, run().tools.out);
}

void datagram_load_device::ping()
{
    link_->ping(run().now, run().tools.out);
}

void datagram_load_device::farewell()
{
    link_->bye(run().now, run().tools.out);
}

void datagram_load_device::flush()
{
    auto& out = run().tools.out;
    for (std::size_t i = 0; i < out.wire.frames(); ++i)
        run().traffic->send(index(), out.wire.frame_at(i));
    out.clear();
    if (!link_ || link_->deadline() >= timer_)
        return;
    timer_ = link_->deadline();
    appoint(due_action::repetition, timer_);
}

void datagram_load_device::keep_own(due_action what)
{
    if (what == due_action::rebind) {
        if (auto const wrong = run().traffic->rebind(index()))
            drop(wrong);
        else
            appoint_rebind();
        return;
    }
    if (what != due_action::repetition)
        return;
    timer_ = never;
    link_->on_deadline(run().now, run().tools.out);
    flush();
    if (link_->over())
        look();
}

void datagram_load_device::appoint_rebind()
{
    auto const every = run().options.device.rebind;
    if (every == duration::zero())
        return;
    // Not all devices at once.
    auto const wait = std::chrono::duration<double>{every} * (0.5 + spread());
    appoint(due_action::rebind, run().now + std::chrono::duration_cast<duration>(wait));
}

void datagram_load_device::abandon()
{
    if (link_)
        drop({});
}

void datagram_load_device::drop(failure const& why)
{
    run().counts.delivered += link_->delivered();
    run().counts.repeated += link_->retransmissions();
    lost(why);
    link_.reset();
    timer_ = never;
}

}  // namespace gatehouse::sim
