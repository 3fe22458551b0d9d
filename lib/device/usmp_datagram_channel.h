// The device's end of an established USMP session over datagrams: what it makes of the gateway's
// frames (docs/protocols/usmp.md, "UDP"). Sending one frame after the other is not its business.
//
// Like the devices, it drops what is not authentic without a word, and acknowledges what is, also
// when it was seen before. After a REKEY it knows nothing of the keys before: a frame that was on
// its way under them is lost, and a repeated REKEY is not acknowledged again.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "device/usmp_environment.h"
#include "device/usmp_uplink.h"
#include "protocol/output.h"
#include "protocol/replay_window.h"
#include "protocol/usmp/control_budget.h"
#include "protocol/usmp/key_schedule.h"
#include "protocol/usmp/reassembly.h"
#include "protocol/usmp/transport_ack.h"

#include <cstdint>
#include <memory>

namespace gatehouse::device {

class usmp_datagram_channel {
public:
    usmp_datagram_channel(
        usmp_release const& release,
        crypto::aead_algorithm cipher,
        usmp::session_keys&& keys,
        usmp::wire_session_id const& id
    );

    // One whole frame of a session type, whose checksum and version are right already. An error
    // (limit_control_frames) ends the session.
    result<> receive(
        usmp_environment& env,
        time_point now,
        usmp::frame_header const& header,
        mutable_bytes frame,
        output& out
    );

    // The same for a frame that was acknowledged when it came. One that is not the next, or does
    // not open, is an error.
    result<> take_next(
        usmp_environment& env,
        time_point now,
        usmp::frame_header const& header,
        mutable_bytes frame,
        output& out
    );
    // The number of the next frame that is to be opened.
    std::uint32_t next() const noexcept { return seen_.next(); }

    // Does this UTACK of a frame under the current key prove itself, as far as the release asks?
    bool proves(usmp_environment& env, usmp::transport_ack const& ack) const;

    usmp_uplink& uplink() noexcept { return up_; }

    // Seals a REKEY. The new keys hold when it has arrived, for both directions.
    result<> start_rekey(usmp_environment& env, wire_buffer& out);
    void rekey_arrived() noexcept;

    // A PONG is owed; the next call says so again if there is more than one.
    bool take_owed_pong() noexcept;

    usmp::wire_session_id const& id() const noexcept { return up_.id(); }
    bool goodbye() const noexcept { return goodbye_; }
    std::uint32_t pongs() const noexcept { return pongs_; }
    std::uint32_t rekeys() const noexcept { return rekeys_; }
    // Frames that were dropped without a word.
    std::uint32_t dropped() const noexcept { return dropped_; }

private:
    replay_window::standing judge(std::uint32_t sequence) const noexcept;
    result<> execute(
        usmp_environment& env,
        time_point now,
        usmp::frame_header const& header,
        bytes text,
        output& out
    );
    void acknowledge(usmp_environment& env, usmp::acked_frame what, wire_buffer& out) const;
    void take_chunk(
        usmp_environment& env, usmp::frame_header const& header, bytes text, output& out
    );
    result<> take_control(time_point now, usmp::frame_type type, bytes text);
    void change_keys(crypto::aead_key&& up, crypto::aead_key&& down) noexcept;

    usmp_uplink up_;
    crypto::aead_key receive_;
    replay_window seen_;
    usmp::reassembly message_;
    std::uint32_t next_chunk_ = 0;  // of an unfinished message
    usmp::control_budget control_;
    std::unique_ptr<usmp::rekeyed> fresh_keys_;  // while our REKEY is on its way
    std::uint32_t pongs_ = 0;
    std::uint32_t rekeys_ = 0;
    std::uint32_t dropped_ = 0;
    std::uint8_t pongs_owed_ = 0;
    bool goodbye_ = false;
};

}  // namespace gatehouse::device
