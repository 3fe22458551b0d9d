// New keys for a UDP session, whichever side begins (docs/protocols/usmp.md, "REKEY").
#include "protocol/usmp/datagram_established.h"
#include "protocol/usmp/key_schedule.h"
#include "protocol/usmp/limits.h"

#include <algorithm>
#include <utility>

namespace gatehouse::usmp {

result<> datagram_established::take_rekey(datagram_environment& env, bytes salt)
{
    if (!how_->can_rekey)
        return error::malformed_type;
    if (salt.size() != std::tuple_size_v<rekey_salt>)
        return error::malformed_length;
    rekey_salt drawn{};
    std::copy(salt.begin(), salt.end(), drawn.begin());
    auto keys = derive_rekey(env.common.crypto.hkdf, receive_.key, transmit_.key, drawn, id_);
    seldom_ = std::make_unique<seldom>();
    seldom_->previous = old_uplink{};
    static_cast<uplink&>(*previous()) = std::move(receive_);
    receive_ = {std::move(keys.initiator), {}};
    transmit_ = {std::move(keys.responder), 0};
    owed_.change_keys();
    has_rekeyed_ = true;
    wants_rekey_ = false;
    if (outbox_)
        outbox_->keys_changed();
    return {};
}

// A key is used for a bounded number of frames: then the session gets new ones in a quiet moment,
// or it is spent and ends at its deadline, which is now.
void datagram_established::keep_budget(environment const& env) noexcept
{
    auto const used = std::max(receive_.seen.next(), transmit_.next);
    if (used < env.config.frame_budget || goodbye_ || said_bye_)
        return;
    bool const awaits_new_keys = previous() != nullptr && previous()->until == never;
    spent_ = !has_rekeyed_ || used >= limits::last_sequence;
    wants_rekey_ = !spent_ && !awaits_new_keys;
}

// Keys are changed only while nothing is on its way, in either direction.
bool datagram_established::may_rekey() const noexcept
{
    bool const busy = outbox_ || new_session_ || message_.in_progress() || !owed_.empty();
    return wants_rekey_ && !busy && !goodbye_ && !said_bye_;
}

// After some silence of the device.
time_point datagram_established::rekey_time() const noexcept
{
    return may_rekey() ? life_.last_heard() + limits::rekey_silence : never;
}

// A device that is never silent waits for each acknowledgement before it sends the next frame: keys
// that were used twice as often as they should be are changed right behind one.
bool datagram_established::is_late_to_rekey(environment const& env) const noexcept
{
    auto const used = std::max(receive_.seen.next(), transmit_.next);
    return may_rekey() && used / 2 >= env.config.frame_budget;
}

void datagram_established::start_rekey(datagram_environment& env, time_point now, output& out)
{
    rekey_salt salt{};
    env.common.random.fill(salt);
    auto keys = derive_rekey(env.common.crypto.hkdf, transmit_.key, receive_.key, salt, id_);
    box(env).send_rekey(tools(env), now, salt, out);
    seldom_ = std::make_unique<seldom>();
    seldom_->previous = old_uplink{};
    static_cast<uplink&>(*previous()) = std::move(receive_);
    receive_ = {std::move(keys.responder), {}};
    transmit_ = {std::move(keys.initiator), 0};
    wants_rekey_ = false;
}

}  // namespace gatehouse::usmp
