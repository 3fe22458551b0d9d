#include "session.h"

#include "datagram_link.h"
#include "stream_link.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace gatehouse::sim {

namespace {

constexpr duration shortest_pause = std::chrono::milliseconds{10};

}  // namespace

void session::attempt()
{
    ++attempts_;
    began_ = read_clock();
    stage_ = stage::connecting;
    dropped_ = false;
    link_due_ = never;
    if (run_.device.over == transport::udp)
        link_ = std::make_unique<datagram_link>(run_, index_);
    else
        link_ = std::make_unique<stream_link>(run_, *this, index_);
    if (auto const wrong = link_->open())
        drop(wrong);
    else if (link_->has_to_connect())
        appoint(due_action::connect_limit, later(run_.now, run_.device.timeout));
    else
        connected({});
}

void session::connected(failure const& refused)
{
    if (refused) {
        drop(refused);
        return;
    }
    stage_ = stage::shaking_hands;
    appoint(due_action::handshake_limit, later(run_.now, run_.device.timeout));
    if (run_.device.rebind > duration::zero())
        appoint_rebind();
    link_->start();
    flush();
}

void session::take(mutable_bytes datagram)
{
    if (is_connected())
        heard(static_cast<datagram_link&>(*link_).take(datagram));
}

void session::heard(failure const& wrong)
{
    for (auto const message : run_.out.up)
        hear(message);
    flush();
    if (!is_connected())
        return;
    if (wrong)
        drop(wrong);
    else if (link_->over())
        drop(link_->ending());
    else if (stage_ == stage::shaking_hands && link_->established())
        establish();
    else if (stage_ == stage::established)
        act();
}

void session::establish()
{
    stage_ = stage::established;
    last_said_ = run_.now;
    if (auto const silence = run_.device.facts().keepalive; silence > duration::zero())
        appoint(due_action::keepalive, later(run_.now, silence));
    began();
}

bool session::keep(appointment const& due)
{
    if (due.attempt != attempts_)
        return false;
    if (due.what == due_action::attempt)
        return stage_ == stage::idle;
    if (!is_connected())
        return false;
    switch (due.what) {
    case due_action::connect_limit:
        if (stage_ == stage::connecting)
            drop(failure::of(failure::kind::timeout));
        break;
    case due_action::handshake_limit:
        if (stage_ == stage::shaking_hands)
            drop(failure::of(failure::kind::timeout));
        break;
    case due_action::answer_limit:
        if (link_->awaits_answer() && run_.now >= later(last_said_, run_.device.timeout))
            drop(failure::of(failure::kind::timeout));
        break;
    case due_action::farewell_limit:
        abandon();
        break;
    case due_action::keepalive:
        keep_alive();
        break;
    case due_action::link:
        keep_link();
        break;
    case due_action::rebind:
        if (auto const wrong = link_->rebind())
            drop(wrong);
        else
            appoint_rebind();
        break;
    case due_action::message:
        if (stage_ == stage::established)
            send_due(due.when);
        break;
    case due_action::attempt:
        break;
    }
    return false;
}

void session::keep_link()
{
    link_due_ = never;
    heard(link_->on_time());
}

void session::keep_alive()
{
    if (stage_ != stage::established)
        return;
    auto const silence = run_.device.facts().keepalive;
    if (run_.now >= later(last_said_, silence) && !blocked()) {
        link_->ping();
        last_said_ = run_.now;
        flush();
    }
    appoint(due_action::keepalive, std::max(later(last_said_, silence), run_.now + shortest_pause));
}

void session::leave()
{
    if (stage_ != stage::established) {
        abandon();
        return;
    }
    stage_ = stage::leaving;
    link_->bye();
    flush();
}

result<> session::say(bytes message)
{
    last_said_ = run_.now;
    auto const said = link_->say(message);
    if (said && link_->awaits_answer())
        appoint(due_action::answer_limit, later(run_.now, run_.device.timeout));
    return said;
}

void session::flush()
{
    if (auto const wrong = link_->flush())
        drop(wrong);
    else
        appoint_link();
}

void session::drop(failure const& why)
{
    if (!is_connected())
        return;
    dropped_ = true;
    if (link_->close(why) == link::closing::done)
        closed(why);
}

void session::closed(failure const& why)
{
    lost(std::exchange(stage_, stage::idle), why);
    link_.reset();
}

void session::appoint(due_action what, time_point when)
{
    run_.due.add({when, this, attempts_, what});
}

void session::appoint_link()
{
    auto const due = link_->due();
    if (due >= link_due_)
        return;
    link_due_ = due;
    appoint(due_action::link, due);
}

// Not all devices at once.
void session::appoint_rebind()
{
    auto const share = run_.devices == 1 ? 1.0 : 0.5 + spread();
    auto const wait = std::chrono::duration<double>{run_.device.rebind} * share;
    appoint(due_action::rebind, run_.now + std::chrono::duration_cast<duration>(wait));
}

// Multiples of the golden ratio spread evenly.
double session::spread() const noexcept
{
    constexpr double golden_ratio = 0.6180339887498949;
    return std::fmod((index_ + 1.0 + attempts_ * 7919.0) * golden_ratio, 1.0);
}

}  // namespace gatehouse::sim
