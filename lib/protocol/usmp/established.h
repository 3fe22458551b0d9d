// An authenticated USMP session over a stream (docs/protocols/usmp.md, "Session frames" and
// "REKEY").
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "protocol/lifetime.h"
#include "protocol/output.h"
#include "protocol/usmp/control_budget.h"
#include "protocol/usmp/environment.h"
#include "protocol/usmp/frame_cipher.h"
#include "protocol/usmp/handshake.h"
#include "protocol/usmp/reassembly.h"

#include <array>
#include <cstdint>
#include <memory>

namespace gatehouse::usmp {

class established {
public:
    established(environment const& env, proven&& start, time_point now);

    // One whole frame of the device. Sets `goodbye` when it was a BYE.
    result<> receive(
        environment& env,
        time_point now,
        frame_header const& header,
        mutable_bytes frame,
        output& out
    );

    result<> send(environment& env, bytes message, output& out);

    void say_bye(environment& env, output& out);

    // The limit that `now` has reached, if any.
    result<> check_limits(environment const& env, time_point now);

    time_point deadline(environment const& env) const noexcept;

    void set_key_window(
        identity::key_window const& window, wall_time wall_now, time_point now
    ) noexcept
    {
        life_.set_key_window(window, wall_now, now);
    }

    profile const& how() const noexcept { return *how_; }
    session_times times() const noexcept { return {life_.started(), life_.last_heard()}; }
    bool goodbye() const noexcept { return goodbye_; }

    // The device closed without a word: if it is one of 0.2/0.3 that never spoke, this may teach
    // which session id it expected.
    void learn_from_close(time_point now);

    // Has the device shown that it took its session: by a frame, or by staying for a while?
    bool is_confirmed(environment const& env, time_point now) const noexcept
    {
        return open_questions_ == nullptr || now >= confirmed_by_staying(env);
    }
    time_point confirmed_by_staying(environment const& env) const noexcept;

private:
    frame_context context(environment& env) const noexcept;
    result<mutable_bytes> open(environment& env, frame_header const& header, mutable_bytes frame);
    void advance(crypto::aead_key const& used);
    result<> take_control(
        environment& env, time_point now, frame_type type, bytes text, output& out
    );
    result<> take_rekey(environment& env, bytes salt);
    void keep_budget(environment& env, output& out);
    void start_rekey(environment& env, output& out);

    profile const* how_;
    direction receive_;
    direction transmit_;
    wire_session_id id_;
    reassembly message_;
    std::unique_ptr<undecided> open_questions_;  // until the first frame
    std::unique_ptr<direction> previous_;  // before a REKEY: for frames that were on their way
    lifetime life_;
    control_budget control_;
    bool has_rekeyed_ = false;  // the device started a REKEY once: its release can
    bool goodbye_ = false;      // the device said BYE
    bool spent_ = false;        // its keys were used as often as they may be
    bool said_bye_ = false;     // the gateway did: it only listens now
};

}  // namespace gatehouse::usmp
