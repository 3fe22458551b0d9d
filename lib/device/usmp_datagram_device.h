// The device's end of USMP over datagrams, as a state machine: datagrams and times go in, datagrams
// and messages come out. For gatehouse-sim and for the tests that let both ends talk.
//
// No sockets, clocks, threads or logs. As the real devices (releases 0.4.7 and later): one frame on
// its way at a time, repeated until its UTACK comes, five times at most; whoever gives up is dead
// and must connect anew, as another object. Frames for the gateway go to `out.wire`, one a
// datagram. After an error of `receive` or `collect` only the destructor may be called.
#pragma once

#include "base/block_pool.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/x25519.h"
#include "device/datagram_device.h"
#include "device/usmp_datagram_channel.h"
#include "device/usmp_datagram_habits.h"
#include "device/usmp_environment.h"
#include "device/usmp_flight.h"
#include "device/usmp_handshake.h"
#include "protocol/output.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>

namespace gatehouse::device {

// What became of the message that was sent last.
enum class message_fate : std::uint8_t {
    none,  // nothing was sent yet
    under_way,
    delivered,  // all its frames were acknowledged
    given_up,   // the session ended before that: nobody knows whether it arrived
};

class usmp_datagram_device final : public datagram_device {
public:
    // `env` outlives the device. The release speaks UDP (usmp_release::over_udp).
    usmp_datagram_device(
        usmp_environment& env, usmp_settings const& settings, usmp_datagram_habits const& habits
    );

    // Draws the ephemeral key and sends HELLO. Called once, first.
    void start(time_point now, output& out) override;

    // Takes one datagram of the gateway. Decrypts in place: messages of the gateway go to `out.up`,
    // which points into `datagram` or into memory that `out` holds. What does not belong to the
    // session is dropped without a word; an error is what a device fails on: a HELLO_RETRY that its
    // release does not know, a wrong CHALLENGE or SESSION_OK, too many control frames.
    result<> receive(time_point now, mutable_bytes datagram, output& out) override;

    // When `on_deadline` is to be called; `never` while nothing is on its way. A handshake waits
    // for the gateway's next frame without end, as the devices do.
    time_point deadline() const noexcept override { return flight_.deadline(); }
    void on_deadline(time_point now, output& out) override;

    // Is a frame on its way? Then the application of a device is made to wait, and `send`, `ping`
    // and `rekey` must not be called.
    bool busy() const noexcept override { return flight_.busy(); }

    // The following need an established session that is not over: error::internal_closed without.

    // One message, fragmented as needed. error::limit_message_size when it cannot fit (the session
    // goes on).
    result<> send(time_point now, bytes message, output& out) override;
    result<> ping(time_point now, output& out) override;
    // New keys for both directions when it has arrived. error::malformed_type before 1.2.
    result<> rekey(time_point now, output& out) override;
    // Behind what is on its way, if there is something. Nothing may be sent afterwards; the session
    // is over when BYE was acknowledged or given up.
    result<> bye(time_point now, output& out) override;

    // The application of a device that does not take frames at_once looks for one. Nothing happens
    // while a frame is on its way.
    result<> collect(time_point now, output& out);
    // Would `collect` find one?
    bool has_kept() const noexcept { return kept_ || !queued_.empty(); }

    bool established() const noexcept override { return live_ && ending_ == ending::none; }
    bool over() const noexcept override { return ending_ != ending::none; }
    bool dismissed() const noexcept override { return ending_ == ending::dismissed; }
    bool gave_up() const noexcept override { return ending_ == ending::gave_up; }

    // Messages are delivered in the order of `send`: the first `delivered()` of them were, and
    // `last_message()` tells of the one behind.
    std::uint32_t delivered() const noexcept override { return delivered_; }
    message_fate last_message() const noexcept { return fate_; }
    std::uint32_t retransmissions() const noexcept override { return flight_.retransmissions(); }

    // What the device waits for, or waited for when it gave up: "the acknowledgement of HELLO",
    // "CHALLENGE", "the acknowledgement of HELLO_ACK", "SESSION_OK", "a message"; "nothing" before
    // start and behind a session.
    std::string_view awaits() const noexcept override;

    bytes session_id() const noexcept override { return live_->id().get(); }
    std::uint32_t pongs() const noexcept override { return live_->pongs(); }
    std::uint32_t rekeys() const noexcept override { return live_->rekeys(); }

    // The session, for its id and counters, or nullptr when there was none yet.
    usmp_datagram_channel const* channel() const noexcept { return live_ ? &*live_ : nullptr; }

private:
    enum class ending : std::uint8_t { none, left, dismissed, gave_up };

    struct handshake {
        usmp_settings settings;
        crypto::x25519_key_pair ephemeral;
        std::optional<usmp_challenged> challenged{};
        bool retried = false;  // HELLO_RETRY was answered
    };

    bool was_taken(usmp::frame_type type) const noexcept;
    bool is_next(usmp::frame_type type) const noexcept;
    bool takes_at_once() const noexcept;
    result<> take_ack(time_point now, usmp::transport_ack const& ack, output& out);
    result<> take_handshake(
        time_point now, usmp::frame_header const& header, bytes frame, output& out
    );
    result<> execute(time_point now, usmp::frame_type type, bytes payload, output& out);
    result<> retry_hello(time_point now, bytes payload, output& out);
    result<> answer_challenge(time_point now, bytes payload, output& out);
    result<> begin_session(bytes payload);
    result<> take_session_frame(
        time_point now, usmp::frame_header const& header, mutable_bytes frame, output& out
    );
    void send_hello(time_point now, std::optional<usmp::address_cookie> const& cookie, output& out);
    void keep(bytes frame);
    void queue(usmp::frame_header const& header, bytes frame, output& out);
    result<> take_queued(time_point now, output& out);
    result<> take_kept(time_point now, output& out);
    result<> go_on(time_point now, output& out);
    result<> send_control(time_point now, usmp::frame_type type, output& out);
    void arrived(usmp::frame_type type) noexcept;
    void end(ending how) noexcept;

    usmp_environment& env_;
    std::unique_ptr<handshake> handshake_;  // until the session is established
    std::optional<usmp_datagram_channel> live_;
    usmp_flight flight_;
    block kept_;                // one frame of the gateway, to be taken later
    std::deque<block> queued_;  // acknowledged, to be opened later
    std::uint32_t delivered_ = 0;
    usmp_datagram_habits::taking taking_;
    message_fate fate_ = message_fate::none;
    ending ending_ = ending::none;
    bool started_ = false;
    bool bye_owed_ = false;
};

}  // namespace gatehouse::device
