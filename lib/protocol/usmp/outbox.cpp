#include "protocol/usmp/outbox.h"

#include "base/assert.h"
#include "crypto/equal.h"
#include "protocol/usmp/limits.h"

#include <algorithm>
#include <utility>

namespace gatehouse::usmp {

bool outbox::empty() const noexcept
{
    return !frame_ && !companion_ && !current_.text && !has_waiting() && !wants_pong_ &&
           !wants_separator_ && !wants_bye_;
}

void outbox::add(bytes text, std::uint64_t number, block_pool& blocks)
{
    message made{blocks.take(), number};
    bool const fits = made.text.append(text);
    GATEHOUSE_ASSERT(fits);
    backlog_ += text.size();
    waiting_.push_back(std::move(made));
}

outbox::message outbox::take_waiting()
{
    constexpr std::size_t worth_moving = 32;
    auto taken = std::move(waiting_[next_++]);
    if (!has_waiting() || (next_ >= worth_moving && next_ > waiting_.size() / 2)) {
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(next_));
        next_ = 0;
    }
    return taken;
}

void outbox::advance(tools with, time_point now, output& out)
{
    if (frame_) {
        if (!clock_.running()) {  // given up before, but nothing may overtake it
            start_clock(with, now);
            repeat(out);
        }
        return;
    }
    if (said_bye_)
        return;
    // No message goes on under other keys: the device forgot what it had of it.
    if (current_.text && std::exchange(unreadable_, false))
        lose_current(out);
    if (current_.text)
        send_next_chunk(with, now, out);
    else if (std::exchange(wants_separator_, false))
        // A control frame between fragments makes the device forget the ones before it.
        send(with, now, frame_type::ping, {}, out);
    else if (std::exchange(wants_pong_, false))
        send(with, now, frame_type::pong, {}, out);
    else if (has_waiting()) {
        current_ = take_waiting();
        chunked_ = 0;
        fragmented_ = current_.text.size() > with.context.how.max_plaintext;
        send_next_chunk(with, now, out);
    } else if (std::exchange(wants_bye_, false)) {
        said_bye_ = true;
        send(with, now, frame_type::bye, {}, out);
    }
}

void outbox::repeat(output& out)
{
    for (auto const* one : {&companion_, &frame_}) {
        if (!*one)
            continue;
        auto const again = one->contents();
        std::copy(again.begin(), again.end(), out.wire.frame(again.size()).begin());
        ++out.retransmitted;
    }
}

void outbox::send_next_chunk(tools with, time_point now, output& out)
{
    auto const rest = bytes{current_.text.contents()}.subspan(chunked_);
    auto const most = std::size_t{with.context.how.max_plaintext};
    bool const last = rest.size() <= most;
    auto const chunk = last ? rest : rest.first(most);
    chunked_ += chunk.size();
    send(with, now, last ? frame_type::data : frame_type::data_frag, chunk, out);
}

void outbox::send(tools with, time_point now, frame_type type, bytes plaintext, output& out)
{
    if (companion_) {
        auto const before = companion_.contents();
        std::copy(before.begin(), before.end(), out.wire.frame(before.size()).begin());
    }
    what_ = {type, with.to.next};
    if (acks_are_proven(with.context.how))
        proof_ = prove_ack(with.hmac, what_, with.to.key);
    seal_frame(with.context, type, with.to, plaintext, out.wire);
    frame_ = with.blocks.take();
    bool const kept = frame_.append(out.wire.frame_at(out.wire.frames() - 1));
    GATEHOUSE_ASSERT(kept);
    unreadable_ = false;
    // Receivers before 0.6 take frames in strict order: a lost one blocks all that follow. New keys
    // and the separator (nothing else is a PING) must not be overtaken anywhere.
    must_arrive_ = type == frame_type::rekey || type == frame_type::ping ||
                   !with.context.how.transcript_prefix;
    start_clock(with, now);
}

// Patience is for messages: those in the frame, and those that wait behind it.
void outbox::start_clock(tools with, time_point now)
{
    bool const for_message = carries_chunk() || (must_arrive_ && what_.type != frame_type::pong);
    clock_.begin(now, with.measured, for_message ? limits::delivery_patience : duration::zero());
    has_behind_ = has_waiting();
}

bool outbox::carries_chunk() const noexcept
{
    return what_.type == frame_type::data || what_.type == frame_type::data_frag;
}

void outbox::say_bye(tools with, time_point now, output& out)
{
    if (what_.type == frame_type::rekey && frame_)
        companion_ = std::move(frame_);
    frame_.release();
    wants_pong_ = wants_separator_ = wants_bye_ = false;
    said_bye_ = true;
    send(with, now, frame_type::bye, {}, out);
}

void outbox::send_rekey(tools with, time_point now, bytes salt, output& out)
{
    GATEHOUSE_ASSERT(empty());
    send(with, now, frame_type::rekey, salt, out);
}

bool outbox::acknowledge(tools with, time_point now, transport_ack const& ack)
{
    if (!frame_ || ack.what != what_)
        return false;
    if (acks_are_proven(with.context.how) && !(ack.mac && crypto::equal(*ack.mac, proof_)))
        return false;
    clock_.acknowledged(now, with.measured);
    finish_frame();
    return true;
}

void outbox::rekey_arrived(tools with, time_point now)
{
    companion_.release();
    if (!frame_ || what_.type != frame_type::rekey)
        return;
    clock_.acknowledged(now, with.measured);
    finish_frame();
}

void outbox::finish_frame() noexcept
{
    frame_.release();
    companion_.release();
    clock_.stop();
    if (!current_.text || !carries_chunk() || chunked_ < current_.text.size())
        return;
    backlog_ -= current_.text.size();
    current_.text.release();
}

// What was given up before is given up for good.
void outbox::keys_changed() noexcept
{
    companion_.release();
    unreadable_ = clock_.running();
    if (!unreadable_)
        frame_.release();
}

outbox::progress outbox::on_deadline(tools with, time_point now, output& out)
{
    if (!frame_ || now < clock_.due())
        return progress::goes_on;
    auto const verdict =
        unreadable_ ? retransmission::verdict::give_up : clock_.judge(now, with.measured);
    if (verdict == retransmission::verdict::wait)
        return progress::goes_on;
    // A device that took a REKEY cannot acknowledge it again: what follows tells whether it did.
    if (what_.type == frame_type::rekey && has_waiting()) {
        clock_.stop();
        companion_ = std::move(frame_);
        advance(with, now, out);
        return progress::goes_on;
    }
    if (verdict == retransmission::verdict::repeat)
        repeat(out);
    if (verdict != retransmission::verdict::give_up)
        return progress::goes_on;
    give_up(out);
    if (!said_bye_ && (!frame_ || has_waiting() || wants_bye_))
        advance(with, now, out);
    return progress::gave_up;
}

// The message is lost, as far as anybody can tell. A frame that must arrive stays for another try,
// and what waited behind it all the time is lost as well, one message a try. A PONG among those has
// most likely arrived: it only accompanies what follows.
void outbox::give_up(output& out)
{
    clock_.stop();
    if (what_.type == frame_type::pong && must_arrive_ && !unreadable_ && !companion_)
        companion_ = std::move(frame_);
    bool const stays = frame_ && must_arrive_ && !unreadable_;
    if (current_.text) {
        lose_current(out);
    } else if (stays && has_behind_ && has_waiting()) {
        report(take_waiting(), out);
    }
    wants_pong_ = wants_pong_ && !stays;
    if (!stays)
        frame_.release();
}

void outbox::lose_current(output& out)
{
    wants_separator_ = fragmented_;
    report(std::exchange(current_, {}), out);
}

void outbox::report(message&& lost, output& out)
{
    backlog_ -= lost.text.size();
    out.undelivered.push_back({lost.number, bytes{lost.text.contents()}});
    out.hold(std::move(lost.text));
}

void outbox::give_up_messages(output& out)
{
    if (current_.text)
        report(std::exchange(current_, {}), out);
    while (has_waiting())
        report(take_waiting(), out);
    if (frame_ && carries_chunk()) {
        frame_.release();
        clock_.stop();
    }
}

void outbox::reset() noexcept
{
    frame_.release();
    companion_.release();
    current_.text.release();
    waiting_.clear();
    next_ = 0;
    backlog_ = 0;
    clock_.stop();
    must_arrive_ = has_behind_ = unreadable_ = wants_pong_ = wants_separator_ = false;
    wants_bye_ = said_bye_ = false;
}

}  // namespace gatehouse::usmp
