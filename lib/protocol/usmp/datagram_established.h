// An authenticated USMP session over datagrams (docs/protocols/usmp.md, "UDP").
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "protocol/lifetime.h"
#include "protocol/output.h"
#include "protocol/replay_window.h"
#include "protocol/usmp/control_budget.h"
#include "protocol/usmp/datagram_environment.h"
#include "protocol/usmp/frame_cipher.h"
#include "protocol/usmp/handshake.h"
#include "protocol/usmp/outbox.h"
#include "protocol/usmp/owed_acks.h"
#include "protocol/usmp/reassembly.h"
#include "protocol/usmp/retransmission.h"
#include "protocol/usmp/transport_ack.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace gatehouse::usmp {

class datagram_established {
public:
    // The handshake that led here; its SESSION_OK goes to `out` and is repeated until it arrived.
    struct birth {
        crypto::x25519_public device_key{};
        crypto::hmac_tag proof{};
        round_trip measured;
    };
    datagram_established(
        datagram_environment& env, proven&& start, birth const& from, time_point now, output& out
    );

    // A whole frame of a session type. An error refuses this frame only, unless `ended`.
    result<> receive(
        datagram_environment& env,
        time_point now,
        frame_header const& header,
        mutable_bytes frame,
        output& out
    );

    // False when the UTACK is for nothing that this session waits for.
    bool acknowledge(
        datagram_environment& env, time_point now, transport_ack const& ack, output& out
    );

    // A repeated HELLO or HELLO_ACK of the handshake that led here?
    bool was_born_of(hello const& message) const noexcept;
    bool was_born_of(hello_ack const& message) const noexcept;

    result<> send(datagram_environment& env, time_point now, bytes message, output& out);
    void taken_over(datagram_environment& env, time_point now, std::size_t messages, output& out);
    // First behind what waits for the device, called again at once.
    void say_bye(datagram_environment& env, time_point now, output& out);
    result<> on_deadline(datagram_environment& env, time_point now, output& out);
    time_point deadline(datagram_environment const& env) const noexcept;
    void give_up_messages(output& out);
    void set_key_window(
        identity::key_window const& window, wall_time wall_now, time_point now
    ) noexcept
    {
        life_.set_key_window(window, wall_now, now);
    }

    session_id id() const noexcept;
    profile const& how() const noexcept { return *how_; }
    session_times times() const noexcept { return {life_.started(), life_.last_heard()}; }
    // Of the last `receive`.
    bool heard_newest() const noexcept { return heard_newest_; }
    bool expects_unnamed() const noexcept;
    void address_changed(time_point now) noexcept;
    std::size_t backlog() const noexcept { return outbox_ ? outbox_->backlog() : 0; }
    std::optional<end_reason> ended() const noexcept;

private:
    // One key of the device and what was seen under it.
    struct uplink {
        crypto::aead_key key;
        replay_window seen;
        std::uint32_t first_data = 0;  // earlier data frames may be the rest of a dropped message
    };
    struct old_uplink : uplink {
        time_point until = never;
    };
    // For a device that takes frames in order: the acknowledgement that it is sent more than once.
    struct repeated_ack {
        acked_frame what;
        std::uint8_t sent = 0;
        time_point due = never;
    };
    // What few sessions have, so that the others keep one pointer for it. Never both: who takes
    // frames in order knows no REKEY.
    struct seldom {
        std::optional<old_uplink> previous;  // before a REKEY, for frames that were on their way
        std::optional<repeated_ack> again;
    };
    old_uplink* previous() const noexcept
    {
        return seldom_ && seldom_->previous ? &*seldom_->previous : nullptr;
    }
    repeated_ack* again() const noexcept
    {
        return seldom_ && seldom_->again ? &*seldom_->again : nullptr;
    }
    // Until the first frame shows that the device knows of its session.
    struct new_session {
        birth from;
        session_ok answer;
        retransmission clock;
        time_point forgotten{};
    };
    frame_context context(environment& env) const noexcept;
    outbox::tools tools(datagram_environment& env);
    outbox& box(datagram_environment& env);
    void tidy_outbox() noexcept;
    void heard_device(time_point now) noexcept;
    void heard_unproven_ack(environment const& env, time_point now) noexcept;
    time_point idle_deadline(environment const& env) const noexcept;
    void repeat_handshake(datagram_environment& env, time_point now, output& out);
    void advance(datagram_environment& env, time_point now, output& out);

    replay_window::standing judge(uplink const& under, std::uint32_t sequence) const noexcept;
    result<uplink*> open(
        environment& env, frame_header const& header, mutable_bytes frame, mutable_bytes& text
    );
    result<> break_message(uplink& under, std::uint32_t sequence);
    result<> take_again(
        datagram_environment& env,
        time_point now,
        frame_header const& header,
        uplink const& under,
        output& out
    );
    result<> take(
        datagram_environment& env,
        time_point now,
        frame_header const& header,
        bytes text,
        output& out
    );
    result<> take_control(datagram_environment& env, time_point now, frame_type type, bytes text);
    result<> take_rekey(datagram_environment& env, bytes salt);
    void heard(datagram_environment& env, time_point now, uplink& under, std::uint32_t sequence);
    void acknowledge_frame(
        environment& env, acked_frame what, crypto::aead_key const& key, output& out
    ) const;
    void acknowledge_again(environment& env, time_point now, output& out);
    void plan_acks(time_point now, acked_frame what);
    void keep_budget(environment const& env) noexcept;
    bool may_rekey() const noexcept;
    time_point rekey_time() const noexcept;
    bool is_late_to_rekey(environment const& env) const noexcept;
    void start_rekey(datagram_environment& env, time_point now, output& out);

    profile const* how_;
    uplink receive_;
    direction transmit_;
    wire_session_id id_;
    // In what the id leaves of a word.
    bool heard_newest_ : 1 = false;
    bool has_rekeyed_ : 1 = false;  // the device started a REKEY once: its release can
    bool wants_rekey_ : 1 = false;  // its keys were used enough
    bool goodbye_ : 1 = false;      // the device said BYE
    bool broken_ : 1 = false;       // it broke rules that end a session
    bool spent_ : 1 = false;        // its keys were used as often as they may be
    bool said_bye_ : 1 = false;     // the gateway did
    bool bye_arrived_ : 1 = false;
    bool let_down_ : 1 = false;  // something was given up since the device was heard
    owed_acks owed_;
    round_trip measured_;
    lifetime life_;
    // Each number stands in what the object before it leaves of a word.
    [[no_unique_address]] control_budget control_;
    std::uint32_t messages_down_ = 0;
    [[no_unique_address]] reassembly message_;
    std::uint32_t next_fragment_ = 0;
    std::unique_ptr<new_session> new_session_;
    std::unique_ptr<seldom> seldom_;
    pool_ptr<outbox> outbox_;
};

}  // namespace gatehouse::usmp
