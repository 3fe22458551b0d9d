#include "support/live_datagram_session.h"

#include "protocol/usmp/transport_ack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace gatehouse::test {

namespace {

constexpr std::size_t handshakes_at_once = 4;

// Sessions of 0.2 and 0.3 are not for datagrams.
usmp_world_setup over_datagrams(usmp_world_setup setup)
{
    setup.config.admit_v1 = false;
    return setup;
}

}  // namespace

live_datagram_session::live_datagram_session(usmp_world_setup const& setup)
    : world_{over_datagrams(setup)}
    , door_{world_.env, usmp::cookie_policy::never, {.most = handshakes_at_once}}
    , now_{setup.now}
    , session_{door_.open(setup.now + setup.handshake_time)}
{
}

void live_datagram_session::feed(bytes datagram)
{
    if (over())
        return;
    auto const seen = door_.look(datagram);
    if (seen.what == datagram_look::verdict::refused) {
        refused = seen.why;
        was_ours = false;
        return;
    }
    feed_unseen(datagram);
}

void live_datagram_session::feed_unseen(bytes datagram)
{
    if (over())
        return;
    refused.reset();
    was_ours = false;
    // In memory of exactly this size, so that the sanitizer sees a read or write beside it.
    auto const size = datagram.size();
    auto const memory = std::make_unique<std::uint8_t[]>(size);
    std::copy(datagram.begin(), datagram.end(), memory.get());
    auto const taken = session_->receive(now_, {memory.get(), size}, out_);
    bool const said = !out_.wire.empty() || !out_.up.empty() || !out_.undelivered.empty();
    collect();
    if (!taken) {
        refused = taken.error();
        return;
    }
    was_ours = *taken != 0;
    if (was_ours)
        EXPECT_EQ(*taken, size);
    else
        EXPECT_FALSE(said) << "it was not for the session, and yet something happened";
}

void live_datagram_session::send(bytes message)
{
    if (over())
        return;
    refused.reset();
    if (auto const sent = session_->send(now_, message, out_); !sent)
        refused = sent.error();
    collect();
}

void live_datagram_session::taken_over(std::size_t messages)
{
    session_->taken_over(now_, messages, out_);
    collect();
}

void live_datagram_session::advance(duration by)
{
    auto const until = now_ + by;
    while (!over() && session_->deadline() <= until) {
        auto const due = std::max(session_->deadline(), now_);
        world_.env.wall_now += std::chrono::floor<std::chrono::seconds>(due.time_since_epoch()) -
                               std::chrono::floor<std::chrono::seconds>(now_.time_since_epoch());
        now_ = due;
        auto const done = session_->on_deadline(now_, out_);
        collect(prompted_by::time);
        if (!done)
            failure = done.error();
        else if (!over())
            ASSERT_GT(session_->deadline(), now_) << "a deadline that does not move";
    }
    world_.env.wall_now += std::chrono::floor<std::chrono::seconds>(until.time_since_epoch()) -
                           std::chrono::floor<std::chrono::seconds>(now_.time_since_epoch());
    now_ = until;
    if (over())
        return;
    // A spurious call is harmless.
    ASSERT_TRUE(session_->on_deadline(now_, out_));
    ASSERT_TRUE(out_.wire.empty() && out_.undelivered.empty());
}

bool live_datagram_session::time_out()
{
    if (over() || session_->deadline() == never)
        return false;
    advance(std::max(session_->deadline() - now_, duration{0}));
    return true;
}

void live_datagram_session::end()
{
    if (over())
        return;
    session_->end(now_, out_);
    collect();
}

void live_datagram_session::give_up_messages()
{
    session_->give_up_messages(out_);
    collect();
}

// Devices that take frames in order are sent UTACKs more than once.
void live_datagram_session::collect(prompted_by what)
{
    for (std::size_t i = 0; i < out_.wire.frames(); ++i) {
        auto datagram = copy_of(out_.wire.frame_at(i));
        bool const is_ack = datagram.front() == usmp::ack_magic.front();
        bool const is_repeated = is_ack && what == prompted_by::time;
        (is_repeated ? acked_again : wire).push_back(std::move(datagram));
    }
    for (auto const message : out_.up)
        up.push_back(copy_of(message));
    for (auto const& lost : out_.undelivered)
        undelivered.push_back({lost.number, copy_of(lost.payload)});
    retransmitted += out_.retransmitted;
    out_.clear();
}

void live_datagram_session::set_key_window(identity::key_window const& window)
{
    session_->set_key_window(window, world_.env.wall_now, now_);
}

}  // namespace gatehouse::test
