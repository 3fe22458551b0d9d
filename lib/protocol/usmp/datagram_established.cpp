#include "protocol/usmp/datagram_established.h"

#include "crypto/equal.h"
#include "protocol/usmp/key_schedule.h"
#include "protocol/usmp/key_trials.h"
#include "protocol/usmp/limits.h"
#include "wire/reader.h"

#include <algorithm>
#include <utility>

namespace gatehouse::usmp {

namespace {

using standing = replay_window::standing;

using key_age = owed_acks::key_age;

}  // namespace

datagram_established::datagram_established(
    datagram_environment& env, proven&& start, birth const& from, time_point now, output& out
)
    : how_{start.how}
    , receive_{std::move(start.keys.uplink), {}}
    , transmit_{std::move(start.keys.downlink), 0}
    , id_{start.answer.id}
    , measured_{from.measured}
    , life_{start.window, env.common.wall_now, now}
    , new_session_{std::make_unique<new_session>()}
{
    if (how_->takes_in_order())
        measured_.never_hurry();
    new_session_->from = from;
    new_session_->answer = start.answer;
    new_session_->forgotten = now + limits::handshake_memory;
    new_session_->clock.begin(now, measured_, duration::zero());
    write(handshake_frame{how_->version, 0}, new_session_->answer, out.wire);
}

frame_context datagram_established::context(environment& env) const noexcept
{
    return {*how_, id_, env.crypto.cipher(env.config.cipher)};
}

outbox::tools datagram_established::tools(datagram_environment& env)
{
    auto& common = env.common;
    return {context(common), transmit_, measured_, common.crypto.hmac, common.blocks};
}

outbox& datagram_established::box(datagram_environment& env)
{
    if (!outbox_)
        outbox_ = env.outboxes.take();
    return *outbox_;
}

void datagram_established::tidy_outbox() noexcept
{
    if (outbox_ && outbox_->empty())
        outbox_.reset();
}

// Nothing is sent before the device is known to have its SESSION_OK: it would take it for that.
void datagram_established::advance(datagram_environment& env, time_point now, output& out)
{
    bool const too_early = new_session_ && new_session_->clock.running();
    if (outbox_ && !too_early)
        outbox_->advance(tools(env), now, out);
    tidy_outbox();
}

session_id datagram_established::id() const noexcept
{
    return session_id{wire::reader{id_.get()}.big<std::uint64_t>()};
}

bool datagram_established::expects_unnamed() const noexcept
{
    return new_session_ || (outbox_ && outbox_->awaits_ack());
}

void datagram_established::address_changed(time_point now) noexcept
{
    if (outbox_ && !how_->takes_in_order())
        outbox_->hurry(now);
}

std::optional<end_reason> datagram_established::ended() const noexcept
{
    if (broken_)
        return end_reason::protocol;
    if (goodbye_ || bye_arrived_)
        return end_reason::bye;
    return std::nullopt;
}

bool datagram_established::was_born_of(hello const& message) const noexcept
{
    return new_session_ && new_session_->from.device_key == message.public_key;
}

bool datagram_established::was_born_of(hello_ack const& message) const noexcept
{
    return new_session_ && crypto::equal(new_session_->from.proof, message.proof);
}

// 0.4.7 and 0.5 number frames without gaps and take them in order.
standing datagram_established::judge(uplink const& under, std::uint32_t sequence) const noexcept
{
    auto const found = under.seen.judge(sequence);
    bool const misses_some = found == standing::newest && sequence != under.seen.next();
    if (how_->takes_in_order() && misses_some)
        return standing::too_old;
    return found;
}

// Finds the key that a frame is under. What cannot be accepted under any key costs no cryptography.
result<datagram_established::uplink*> datagram_established::open(
    environment& env, frame_header const& header, mutable_bytes frame, mutable_bytes& text
)
{
    if (header.sequence >= limits::last_sequence)
        return error::unproven_sequence;
    bool const now_possible = judge(receive_, header.sequence) != standing::too_old;
    bool const before_possible =
        previous() != nullptr && judge(*previous(), header.sequence) != standing::too_old;
    if (!now_possible && !before_possible)
        return header.sequence < receive_.seen.next() ? error::unproven_replay
                                                      : error::unproven_sequence;
    key_trials trials;
    if (now_possible)
        trials.add(receive_.key);
    if (before_possible)
        trials.add(previous()->key);
    auto const opened = trials.open(context(env), header, frame);
    if (!opened)
        return opened.error();
    text = opened->text;
    return opened->key == &receive_.key ? &receive_ : previous();
}

result<> datagram_established::receive(
    datagram_environment& env,
    time_point now,
    frame_header const& header,
    mutable_bytes frame,
    output& out
)
{
    heard_newest_ = false;
    if (header.version != how_->version)
        return error::malformed_magic;
    if (!checksum_matches(header, frame))
        return error::malformed_checksum;
    mutable_bytes text;
    auto const under = open(env.common, header, frame, text);
    if (!under)
        return under.error();
    if (outbox_ && how_->takes_in_order())
        outbox_->postpone(now + limits::device_sends);
    if (judge(**under, header.sequence) == standing::seen)
        return take_again(env, now, header, **under, out);
    bool const carries_data =
        header.type == frame_type::data || header.type == frame_type::data_frag;
    if (carries_data && (!env.backend_has_capacity || owed_.full())) {
        heard_device(now);  // it is there: it is the backend that is late
        return error::limit_backend_backlog;
    }
    // A message may go on under new keys that the gateway began.
    bool const is_first = *under == &receive_ && receive_.seen.empty() && header.sequence == 0;
    bool const continues = header.sequence == next_fragment_ || is_first;
    if (carries_data && message_.in_progress() && !continues)
        return break_message(**under, header.sequence);
    // Not acknowledged: the device must not believe that such a message arrived.
    if (carries_data && (message_.is_spoilt() || header.sequence < (*under)->first_data))
        return error::malformed_fragments;

    // A REKEY moves its key to `previous`: remembered first.
    auto const key = (*under)->key.copy();
    bool const is_current = *under == &receive_;
    // Both sides started at once: each now has keys that the other does not know.
    broken_ = header.type == frame_type::rekey && !is_current;
    if (broken_)
        return error::malformed_type;
    // While it has not heard of new keys, what comes under the old ones is all that it says.
    bool const is_latest = is_current || previous()->until == never;
    heard_newest_ = is_latest && judge(**under, header.sequence) == standing::newest;
    if (heard_newest_ && message_.in_progress() && !carries_data)
        (*under)->first_data = header.sequence;
    heard(env, now, **under, header.sequence);
    auto const taken = take(env, now, header, text, out);
    if (header.type != frame_type::data) {
        acknowledge_frame(env.common, {header.type, header.sequence}, key, out);
        plan_acks(now, {header.type, header.sequence});
    } else if (taken)
        owed_.add(header.sequence, is_current ? key_age::current : key_age::before);
    advance(env, now, out);
    keep_budget(env.common);
    return taken;
}

// A message lacks a fragment: it is dropped, and so is the frame that shows it, which may be a part
// of it. A device that gave that message up and began another repeats the frame, and is then heard.
result<> datagram_established::break_message(uplink& under, std::uint32_t sequence)
{
    if (judge(under, sequence) == standing::newest) {
        message_.drop();
        under.first_data = sequence;
    }
    return error::malformed_fragments;
}

void datagram_established::heard_device(time_point now) noexcept
{
    life_.heard(now);
    let_down_ = false;
}

// A device that only answers is as silent as the gateway is between two transmissions; one that
// waits for its acknowledgement, as the backend is. Neither is the device's silence, but both have
// their bound: one frame's time to be given up, and the time for which a device waits.
time_point datagram_established::idle_deadline(environment const& env) const noexcept
{
    if (outbox_ && outbox_->is_trying() && !let_down_)
        return never;
    auto const due = life_.idle_deadline(env.config);
    if (owed_.empty())
        return due;
    return std::max(due, later(life_.last_heard(), limits::device_patience));
}

void datagram_established::heard(
    datagram_environment& env, time_point now, uplink& under, std::uint32_t sequence
)
{
    under.seen.mark(sequence);
    heard_device(now);
    new_session_.reset();
    if (auto* const ack = again())
        ack->due = never;  // the acknowledgement before has arrived
    if (!previous() || &under != &receive_)
        return;
    if (outbox_)
        outbox_->rekey_arrived(tools(env), now);
    if (previous()->until == never)
        previous()->until = now + limits::rekey_grace;
}

// What an authenticated frame says, which nobody has said before.
result<> datagram_established::take(
    datagram_environment& env, time_point now, frame_header const& header, bytes text, output& out
)
{
    if (header.type == frame_type::data)
        return message_.finish(text, out);
    if (header.type == frame_type::data_frag) {
        next_fragment_ = header.sequence + 1;
        return message_.add(*how_, text, env.common.blocks);
    }
    bool const interrupts =
        message_.in_progress() && heard_newest_ && header.type != frame_type::bye;
    if (interrupts)
        message_.drop();
    auto const taken = take_control(env, now, header.type, text);
    if (taken && interrupts)
        return error::malformed_fragments;
    return taken;
}

result<> datagram_established::take_control(
    datagram_environment& env, time_point now, frame_type type, bytes text
)
{
    if (type != frame_type::rekey && !text.empty())
        return error::malformed_length;
    if (type == frame_type::bye) {
        goodbye_ = true;
        return {};
    }
    if (!control_.allow(now)) {
        broken_ = true;
        return error::limit_control_frames;
    }
    if (type == frame_type::ping && !said_bye_)
        box(env).want_pong();
    if (type == frame_type::rekey)
        return take_rekey(env, text);
    return {};
}

result<> datagram_established::send(
    datagram_environment& env, time_point now, bytes message, output& out
)
{
    if (said_bye_ || transmit_.next >= limits::last_sequence)
        return error::internal_closed;
    if (message.size() > how_->message_limit())
        return error::limit_message_size;
    if (outbox_ && outbox_->full())
        return error::limit_downlink_backlog;
    box(env).add(message, ++messages_down_, env.common.blocks);
    advance(env, now, out);
    return {};
}

void datagram_established::say_bye(datagram_environment& env, time_point now, output& out)
{
    bool const again = said_bye_;
    said_bye_ = true;
    if (again) {
        box(env).say_bye(tools(env), now, out);
        return;
    }
    box(env).want_bye();
    advance(env, now, out);
}

result<> datagram_established::on_deadline(datagram_environment& env, time_point now, output& out)
{
    if (spent_ && !said_bye_)
        return error::limit_frame_budget;
    if (!said_bye_)
        if (auto const reached = life_.check_length(env.common.config, now, id_.draw()); !reached)
            return reached;
    if (previous() && now >= previous()->until)
        seldom_.reset();
    if (new_session_)
        repeat_handshake(env, now, out);
    acknowledge_again(env.common, now, out);
    if (outbox_ && outbox_->on_deadline(tools(env), now, out) == outbox::progress::gave_up)
        let_down_ = true;
    tidy_outbox();
    if (now >= rekey_time())
        start_rekey(env, now, out);
    if (!said_bye_ && now >= idle_deadline(env.common))
        return error::limit_idle_time;
    return {};
}

void datagram_established::repeat_handshake(datagram_environment& env, time_point now, output& out)
{
    auto const verdict = new_session_->clock.judge(now, measured_);
    if (verdict == retransmission::verdict::repeat) {
        write(handshake_frame{how_->version, 0}, new_session_->answer, out.wire);
        ++out.retransmitted;
    } else if (verdict == retransmission::verdict::give_up) {
        new_session_->clock.stop();
        advance(env, now, out);
    }
    if (now >= new_session_->forgotten) {
        new_session_.reset();
        advance(env, now, out);
    }
}

time_point datagram_established::deadline(datagram_environment const& env) const noexcept
{
    if (spent_ && !said_bye_)
        return life_.started();
    auto earliest = never;
    if (!said_bye_)
        earliest = std::min(
            life_.length_deadline(env.common.config, id_.draw()), idle_deadline(env.common)
        );
    if (auto const* const ack = again())
        earliest = std::min(earliest, ack->due);
    if (previous())
        earliest = std::min(earliest, previous()->until);
    earliest = std::min(earliest, rekey_time());
    if (new_session_)
        earliest = std::min({earliest, new_session_->clock.due(), new_session_->forgotten});
    if (outbox_)
        earliest = std::min(earliest, outbox_->deadline());
    return earliest;
}

void datagram_established::give_up_messages(output& out)
{
    if (outbox_)
        outbox_->give_up_messages(out);
}

}  // namespace gatehouse::usmp
