// The acknowledgements of a UDP session, in both directions (docs/protocols/usmp.md,
// "Acknowledgements").
#include "protocol/usmp/datagram_established.h"
#include "protocol/usmp/limits.h"

#include <utility>

namespace gatehouse::usmp {

using key_age = owed_acks::key_age;

void datagram_established::acknowledge_frame(
    environment& env, acked_frame what, crypto::aead_key const& key, output& out
) const
{
    if (how_->directional_keys)
        write_ack(what, prove_ack(env.crypto.hmac, what, key), out.wire);
    else
        write_ack(what, out.wire);
}

// A frame that was taken before: its acknowledgement was lost, or somebody replays it. Saying again
// what is true harms nobody.
result<> datagram_established::take_again(
    datagram_environment& env,
    time_point now,
    frame_header const& header,
    uplink const& under,
    output& out
)
{
    auto const age = &under == &receive_ ? key_age::current : key_age::before;
    if (owed_.has(header.sequence, age))
        return error::unproven_replay;
    acked_frame const what{header.type, header.sequence};
    acknowledge_frame(env.common, what, under.key, out);
    if (header.sequence + 1 == under.seen.next())
        plan_acks(now, what);
    return error::unproven_replay;
}

void datagram_established::plan_acks(time_point now, acked_frame what)
{
    if (!how_->takes_in_order() || goodbye_ || said_bye_)
        return;
    if (!seldom_)
        seldom_ = std::make_unique<seldom>();
    seldom_->again = {what, 0, now + limits::ack_again.front()};
}

void datagram_established::acknowledge_again(environment& env, time_point now, output& out)
{
    auto* const ack = again();
    if (ack == nullptr || now < ack->due)
        return;
    acknowledge_frame(env, ack->what, receive_.key, out);
    ++ack->sent;
    bool const once_more = ack->sent < limits::ack_again.size();
    ack->due = once_more ? now + limits::ack_again.at(ack->sent) : never;
}

void datagram_established::taken_over(
    datagram_environment& env, time_point now, std::size_t messages, output& out
)
{
    for (; messages > 0 && !owed_.empty(); --messages) {
        auto const due = owed_.take();
        auto const* under = due.age == key_age::current ? &receive_ : previous();
        if (under == nullptr || due.age == key_age::lost)
            continue;
        acknowledge_frame(env.common, {frame_type::data, due.sequence}, under->key, out);
        plan_acks(now, {frame_type::data, due.sequence});
    }
    // The device has waited for this until now.
    bool const waited = now < later(life_.last_heard(), limits::device_patience);
    if (waited && now >= life_.idle_deadline(env.common.config))
        life_.heard(now);
    keep_budget(env.common);
    if (is_late_to_rekey(env.common))
        start_rekey(env, now, out);
}

// It had to wait for the frame; but anybody may have sent this, so it counts once.
void datagram_established::heard_unproven_ack(environment const& env, time_point now) noexcept
{
    if (let_down_ || now < life_.idle_deadline(env.config))
        return;
    life_.heard(now);
    let_down_ = true;
}

bool datagram_established::acknowledge(
    datagram_environment& env, time_point now, transport_ack const& ack, output& out
)
{
    if (!is_session_type(ack.what.type)) {
        bool const is_ours = new_session_ && ack.what == acked_frame{frame_type::session_ok, 0};
        if (is_ours && new_session_->clock.running()) {
            new_session_->clock.acknowledged(now, measured_);
            advance(env, now, out);
        }
        return is_ours;
    }
    if (!outbox_ || !outbox_->acknowledge(tools(env), now, ack))
        return false;
    if (acks_are_proven(*how_))
        heard_device(now);
    else
        heard_unproven_ack(env.common, now);
    bye_arrived_ = outbox_->said_bye();
    advance(env, now, out);
    keep_budget(env.common);
    return true;
}

}  // namespace gatehouse::usmp
