// The requests of one connection of a device, one after the other (docs/protocols/array-crypto.md,
// "Requests").
//
// Snapshots and handshakes prove nothing; the session begins with the first message whose hash is
// right. That proves little: its facts never say that the device is authentic, only that there is a
// session. A message waits for the backend's answer; a request behind it is not read, and the
// connection ends with that answer.
#pragma once

#include "protocol/array_crypto/answer.h"
#include "protocol/array_crypto/environment.h"
#include "protocol/array_crypto/request.h"
#include "protocol/array_crypto/route.h"
#include "protocol/lifetime.h"
#include "protocol/session.h"

#include <cstddef>
#include <optional>

namespace gatehouse::array_crypto {

class stream_session final : public session {
public:
    // `env` outlives the session. The first request must be whole before `first_deadline`.
    stream_session(environment& env, time_point first_deadline);

    result<std::size_t> receive(time_point now, mutable_bytes in, output& out) override;
    result<> send(time_point now, bytes message, output& out) override;
    result<> on_deadline(time_point now, output& out) override;
    time_point deadline() const override;
    void end(time_point now, output& out) override;
    void peer_closed(time_point now) override;
    std::optional<end_reason> ended() const override { return ended_; }
    std::optional<error> turned_away() const override { return failure_; }
    bool says_no_more() const override { return ends_; }
    session_facts facts() const override { return facts_; }
    session_times times() const override;
    void set_key_window(identity::key_window const& window, wall_time wall_now, time_point now)
        override;

private:
    // How the answer of the message that waits for it is made.
    struct waiting_message {
        state_id state{};
        std::uint64_t v1_seed = 0;
        time_point until;
        profile speaks = profile::v1;
        after_answer then = after_answer::keep_alive;
    };
    struct whole_request {
        request_head const& head;
        device const& of;
        mutable_bytes body;
        after_answer then;
    };

    // How much of `in` was taken; nothing yet: 0.
    std::size_t step(mutable_bytes in, output& out);
    std::size_t take_request(mutable_bytes in, std::size_t header, output& out);
    bool admits_body(request_head const& head, known_request const& where, output& out);
    void take(endpoint to, whole_request const& request, output& out);
    void tell_snapshot(whole_request const& request, output& out);
    void take_handshake(whole_request const& request, output& out);
    void tell_health(whole_request const& request, output& out);
    void take_message(whole_request const& request, output& out);
    result<bytes> open(whole_request const& request);
    result<bytes> open_v1(device const& of, mutable_bytes message);
    result<bytes> open_v2(device const& of, mutable_bytes message);
    void begin_session(device const& of);

    void say(answer const& what, output& out);
    void refuse(status what, std::optional<error> why, output& out);
    void answer_without_body(output& out);
    void answered(after_answer then);
    void end_connection(std::optional<error> why);
    result<> on_live_deadline(output& out);

    environment& env_;
    session_facts facts_;
    std::optional<lifetime> life_;  // of a session
    std::optional<waiting_message> waiting_;
    std::optional<error> failure_;
    std::optional<end_reason> ended_;
    header_scan scan_;
    std::size_t wanted_ = 0;  // bytes of the request whose body has not come yet
    time_point now_;          // of the call
    // Of a device that has no session yet, of a request that has begun, or of the connection that
    // ends.
    time_point deadline_;
    age_draw age_ = 0;
    bool began_request_ = false;
    bool has_answered_ = false;
    bool ends_ = false;  // what comes is not looked at
};

}  // namespace gatehouse::array_crypto
