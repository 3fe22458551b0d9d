#include "support/live_session.h"

#include <gtest/gtest.h>

#include <memory>

namespace gatehouse::test {

live_session::live_session(usmp_world_setup const& setup)
    : world_{setup}
    , now_{setup.now}
    , session_{world_.env, setup.now + setup.handshake_time}
{
}

void live_session::feed(bytes data)
{
    if (over())
        return;
    append(pending_, data);
    // In memory of exactly this size, so that the sanitizer sees a read or write beside it.
    auto const size = pending_.size();
    auto const memory = std::make_unique<std::uint8_t[]>(size);
    std::copy(pending_.begin(), pending_.end(), memory.get());
    auto const consumed = session_.receive(now_, {memory.get(), size}, out_);
    collect();
    if (!consumed) {
        failure = consumed.error();
        return;
    }
    ASSERT_LE(*consumed, size);
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(*consumed));
}

void live_session::feed_bytewise(bytes data)
{
    for (auto const& byte : data)
        feed({&byte, 1});
}

void live_session::send(bytes message)
{
    if (over())
        return;
    refused.reset();
    auto const sent = session_.send(now_, message, out_);
    collect();
    if (sent)
        return;
    // These two leave the session as it was (protocol/session.h).
    if (sent.error() == error::limit_message_size || sent.error() == error::internal_closed)
        refused = sent.error();
    else
        failure = sent.error();
}

void live_session::advance(duration by)
{
    now_ += by;
    world_.env.wall_now += std::chrono::floor<std::chrono::seconds>(by);
    if (over())
        return;
    // Due or not: a spurious call is harmless.
    bool const due = session_.deadline() <= now_;
    auto const done = session_.on_deadline(now_, out_);
    collect();
    if (!done)
        failure = done.error();
    if (failure && !due)
        ADD_FAILURE() << "a deadline struck before its time: " << describe(*failure);
}

bool live_session::time_out()
{
    if (over() || session_.deadline() == never)
        return false;
    advance(std::max(session_.deadline() - now_, duration{0}));
    return true;
}

void live_session::end()
{
    if (over())
        return;
    session_.end(now_, out_);
    collect();
}

void live_session::close()
{
    if (!over())
        session_.peer_closed(now_);
}

void live_session::collect()
{
    for (std::size_t i = 0; i < out_.wire.frames(); ++i)
        wire.push_back(copy_of(out_.wire.frame_at(i)));
    for (auto const message : out_.up)
        up.push_back(copy_of(message));
    out_.clear();
}

void live_session::set_key_window(identity::key_window const& window)
{
    session_.set_key_window(window, world_.env.wall_now, now_);
}

}  // namespace gatehouse::test
