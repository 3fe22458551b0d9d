// What one UDP session has on its way to its device: one frame that waits for its acknowledgement,
// and what is to follow (docs/protocols/usmp.md, "Acknowledgements").
//
// A session has one only while there is something on its way; it comes from its worker's pool.
#pragma once

#include "base/block_pool.h"
#include "base/bytes.h"
#include "base/pooled.h"
#include "base/time.h"
#include "crypto/hmac.h"
#include "protocol/output.h"
#include "protocol/usmp/frame_cipher.h"
#include "protocol/usmp/limits.h"
#include "protocol/usmp/retransmission.h"
#include "protocol/usmp/transport_ack.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gatehouse::usmp {

class outbox : public pooled<outbox> {
public:
    // What frames are made with; the session's own.
    struct tools {
        frame_context context;
        direction& to;
        round_trip& measured;
        crypto::hmac_sha256& hmac;
        block_pool& blocks;
    };

    // Is a frame out whose acknowledgement would still count?
    bool awaits_ack() const noexcept { return static_cast<bool>(frame_); }
    bool empty() const noexcept;
    std::size_t backlog() const noexcept { return backlog_; }
    bool full() const noexcept { return waiting_.size() - next_ >= limits::waiting_messages; }
    time_point deadline() const noexcept { return clock_.due(); }

    // Takes a message to be sent when its turn has come; at most block_size bytes.
    void add(bytes text, std::uint64_t number, block_pool& blocks);
    // A PING is to be answered. Several that wait are answered once.
    void want_pong() noexcept { wants_pong_ = true; }

    // Sends the next frame if none is out.
    void advance(tools with, time_point now, output& out);

    // BYE is to follow what waits.
    void want_bye() noexcept { wants_bye_ = true; }
    // Says BYE now, whatever is out.
    void say_bye(tools with, time_point now, output& out);
    // Is the BYE out, or acknowledged?
    bool said_bye() const noexcept { return said_bye_; }

    // Sends a REKEY frame, which must arrive before anything else may follow. Only when empty.
    void send_rekey(tools with, time_point now, bytes salt, output& out);

    // False when the UTACK is not for the frame that is out.
    bool acknowledge(tools with, time_point now, transport_ack const& ack);
    // The device has shown in another way that the REKEY frame arrived.
    void rekey_arrived(tools with, time_point now);

    // The frame that is out is due again now.
    void hurry(time_point now) noexcept { clock_.hurry(now); }
    // The frame that is out is not due again before `when`.
    void postpone(time_point when) noexcept { clock_.postpone(when); }
    // Is the device being asked for an acknowledgement, or given time for it?
    bool is_trying() const noexcept { return clock_.running(); }

    // The device changed the keys: a frame that is out cannot be read any more. Its acknowledgement
    // may still be on its way; it is not sent again.
    void keys_changed() noexcept;

    enum class progress : std::uint8_t { goes_on, gave_up };
    progress on_deadline(tools with, time_point now, output& out);

    // All messages that are not acknowledged, oldest first, to `out.undelivered`.
    void give_up_messages(output& out);

    // For the pool.
    void reset() noexcept;

private:
    struct message {
        block text;
        std::uint64_t number = 0;
    };

    void send(tools with, time_point now, frame_type type, bytes plaintext, output& out);
    void send_next_chunk(tools with, time_point now, output& out);
    void start_clock(tools with, time_point now);
    bool carries_chunk() const noexcept;
    void repeat(output& out);
    void finish_frame() noexcept;
    void give_up(output& out);
    void lose_current(output& out);
    void report(message&& lost, output& out);
    bool has_waiting() const noexcept { return next_ < waiting_.size(); }
    message take_waiting();

    block frame_;      // sealed, as it was sent
    block companion_;  // sent before `frame_` each time: it must be taken first, and nobody knows
                       // whether it was
    acked_frame what_;
    ack_mac proof_{};
    retransmission clock_;
    message current_;  // of which `frame_` is a part, or the next one to be
    std::size_t chunked_ = 0;
    std::vector<message> waiting_;  // from next_ on
    std::size_t next_ = 0;
    std::size_t backlog_ = 0;
    bool fragmented_ = false;   // `current_` takes more than one frame
    bool must_arrive_ = false;  // nothing else may be sent before it
    bool has_behind_ = false;   // a message waits behind it since it was sent or tried again
    bool unreadable_ = false;
    bool wants_pong_ = false;
    bool wants_bye_ = false;
    bool said_bye_ = false;
    bool wants_separator_ = false;  // the device may hold a part of a message that was given up
};

}  // namespace gatehouse::usmp
