// A USMP session over a stream, from HELLO to BYE: splits frames and hands each to the state it is
// in (docs/protocols/usmp.md).
#pragma once

#include "protocol/session.h"
#include "protocol/usmp/environment.h"
#include "protocol/usmp/established.h"
#include "protocol/usmp/handshake.h"

#include <variant>

namespace gatehouse::usmp {

class stream_session final : public session {
public:
    // `env` outlives the session. The handshake must be finished before `handshake_deadline`.
    stream_session(environment& env, time_point handshake_deadline);

    result<std::size_t> receive(time_point now, mutable_bytes in, output& out) override;
    result<> send(time_point now, bytes message, output& out) override;
    result<> on_deadline(time_point now, output& out) override;
    time_point deadline() const override;
    void end(time_point now, output& out) override;
    void peer_closed(time_point now) override;
    std::optional<end_reason> ended() const override;
    session_times times() const override;
    session_facts facts() const override { return facts_; }
    void set_key_window(identity::key_window const& window, wall_time wall_now, time_point now)
        override;

private:
    result<> take(time_point now, frame_header const& header, mutable_bytes frame, output& out);
    result<> on(frame_header const& header, mutable_bytes frame, awaiting_hello&, output& out);
    result<> on(
        time_point now,
        frame_header const& header,
        mutable_bytes frame,
        awaiting_proof&,
        output& out
    );

    environment& env_;
    std::variant<awaiting_hello, awaiting_proof, established> state_;
    session_facts facts_;
    time_point handshake_deadline_;
    time_point frame_deadline_ = never;  // for the rest of a frame that has begun
};

}  // namespace gatehouse::usmp
