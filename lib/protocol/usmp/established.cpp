#include "protocol/usmp/established.h"

#include "protocol/usmp/key_trials.h"
#include "protocol/usmp/limits.h"

#include <algorithm>
#include <utility>

namespace gatehouse::usmp {

established::established(environment const& env, proven&& start, time_point now)
    : how_{start.how}
    , receive_{std::move(start.keys.uplink), 0}
    , transmit_{std::move(start.keys.downlink), 0}
    , id_{start.answer.id}
    , open_questions_{std::move(start.open_questions)}
    , life_{start.window, env.wall_now, now}
{
}

frame_context established::context(environment& env) const noexcept
{
    return {*how_, id_, env.crypto.cipher(env.config.cipher)};
}

result<> established::receive(
    environment& env, time_point now, frame_header const& header, mutable_bytes frame, output& out
)
{
    if (header.version != how_->version)
        return error::malformed_magic;
    if (!is_session_type(header.type))
        return error::malformed_type;
    if (!checksum_matches(header, frame))
        return error::malformed_checksum;
    auto const text = open(env, header, frame);
    if (!text)
        return text.error();
    life_.heard(now);

    result<> taken;
    if (header.type == frame_type::data)
        taken = message_.finish(*text, out);
    else if (header.type == frame_type::data_frag)
        taken = message_.add(*how_, *text, env.blocks);
    else
        taken = take_control(env, now, header.type, *text, out);
    if (taken && !goodbye_ && !said_bye_)
        keep_budget(env, out);
    return taken;
}

// A frame must be the next one under a key that is in use: the current key, the one before a REKEY
// until the first frame under the new one, or one of the three that a 0.2 device may mean until its
// first frame tells.
result<mutable_bytes> established::open(
    environment& env, frame_header const& header, mutable_bytes frame
)
{
    bool const current = header.sequence == receive_.next;
    bool const before = previous_ && header.sequence == previous_->next;
    if (header.sequence >= limits::last_sequence || (!current && !before))
        return header.sequence < receive_.next ? error::unproven_replay : error::unproven_sequence;

    key_trials trials;
    if (current)
        trials.add(receive_.key);
    if (current && open_questions_ && open_questions_->other_labels) {
        auto const& others = *open_questions_->other_labels;
        trials.add(others.front()).add(others.back());
    }
    if (before)
        trials.add(previous_->key);
    auto const opened = trials.open(context(env), header, frame);
    if (!opened)
        return opened.error();
    advance(*opened->key);
    return opened->text;
}

// `used` opened a frame: what is now known about the keys.
void established::advance(crypto::aead_key const& used)
{
    if (previous_ && &used == &previous_->key) {
        ++previous_->next;
        return;
    }
    ++receive_.next;
    previous_.reset();
    if (!open_questions_)
        return;
    if (&used != &receive_.key) {
        receive_.key = used.copy();
        transmit_.key = used.copy();
    }
    if (open_questions_->guess)
        open_questions_->guess->heard();
    open_questions_.reset();
}

result<> established::take_control(
    environment& env, time_point now, frame_type type, bytes text, output& out
)
{
    if (type == frame_type::bye) {
        goodbye_ = text.empty();
        return goodbye_ ? result<>{} : error::malformed_length;
    }
    if (message_.in_progress())
        return error::malformed_fragments;
    if (type != frame_type::rekey && !text.empty())
        return error::malformed_length;
    if (!control_.allow(now))
        return error::limit_control_frames;
    if (type == frame_type::ping && !said_bye_)
        seal_frame(context(env), frame_type::pong, transmit_, {}, out.wire);
    if (type == frame_type::rekey)
        return take_rekey(env, text);
    return {};
}

result<> established::take_rekey(environment& env, bytes salt)
{
    if (!how_->can_rekey)
        return error::malformed_type;
    if (salt.size() != std::tuple_size_v<rekey_salt>)
        return error::malformed_length;
    // Both sides started at once: each now has keys that the other does not know.
    if (previous_)
        return error::malformed_type;
    rekey_salt drawn{};
    std::copy(salt.begin(), salt.end(), drawn.begin());
    auto keys = derive_rekey(env.crypto.hkdf, receive_.key, transmit_.key, drawn, id_);
    previous_ = std::make_unique<direction>(std::move(receive_));
    receive_ = {std::move(keys.initiator), 0};
    transmit_ = {std::move(keys.responder), 0};
    has_rekeyed_ = true;
    return {};
}

void established::start_rekey(environment& env, output& out)
{
    rekey_salt salt{};
    env.random.fill(salt);
    auto keys = derive_rekey(env.crypto.hkdf, transmit_.key, receive_.key, salt, id_);
    seal_frame(context(env), frame_type::rekey, transmit_, salt, out.wire);
    previous_ = std::make_unique<direction>(std::move(receive_));
    transmit_ = {std::move(keys.initiator), 0};
    receive_ = {std::move(keys.responder), 0};
}

// A key is used for a bounded number of frames: then the session gets new ones, or it is spent and
// ends at its deadline, which is now. A REKEY that the device has not answered yet is not repeated.
void established::keep_budget(environment& env, output& out)
{
    auto const used = std::max(receive_.next, transmit_.next);
    if (used < env.config.frame_budget)
        return;
    if (!has_rekeyed_ || used >= limits::last_sequence)
        spent_ = true;
    else if (!previous_)
        start_rekey(env, out);
}

result<> established::send(environment& env, bytes message, output& out)
{
    if (said_bye_ || transmit_.next >= limits::last_sequence)
        return error::internal_closed;
    if (message.size() > how_->message_limit())
        return error::limit_message_size;
    while (message.size() > how_->max_plaintext) {
        auto const chunk = message.first(how_->max_plaintext);
        seal_frame(context(env), frame_type::data_frag, transmit_, chunk, out.wire);
        message = message.subspan(chunk.size());
    }
    seal_frame(context(env), frame_type::data, transmit_, message, out.wire);
    keep_budget(env, out);
    return {};
}

void established::say_bye(environment& env, output& out)
{
    said_bye_ = true;
    seal_frame(context(env), frame_type::bye, transmit_, {}, out.wire);
}

result<> established::check_limits(environment const& env, time_point now)
{
    if (spent_)
        return error::limit_frame_budget;
    auto const reached = life_.check(env.config, now, id_.draw());
    if (!reached && reached.error() == error::limit_idle_time)
        learn_from_close(now);
    return reached;
}

time_point established::deadline(environment const& env) const noexcept
{
    return spent_ ? life_.started() : life_.deadline(env.config, id_.draw());
}

time_point established::confirmed_by_staying(environment const& env) const noexcept
{
    return later(life_.started(), std::min(limits::legacy_stay, env.config.idle_timeout / 2));
}

void established::learn_from_close(time_point now)
{
    if (open_questions_ && open_questions_->guess)
        open_questions_->guess->left(now - life_.started());
}

}  // namespace gatehouse::usmp
