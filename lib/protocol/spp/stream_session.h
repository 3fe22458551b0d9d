// An SPP session, from hello to the end of its connection: splits records and hands each to the
// state that it is in (docs/protocols/spp.md).
#pragma once

#include "base/address.h"
#include "protocol/session.h"
#include "protocol/spp/environment.h"
#include "protocol/spp/established.h"
#include "protocol/spp/handshake.h"

#include <memory>
#include <variant>

namespace gatehouse::spp {

class stream_session final : public session {
public:
    // `env` outlives the session. The first record must have opened before `handshake_deadline`.
    stream_session(
        environment& env,
        awaiting_hello state,
        time_point handshake_deadline,
        peer_address const& peer
    );

    result<std::size_t> receive(time_point now, mutable_bytes in, output& out) override;
    result<> send(time_point now, bytes message, output& out) override;
    result<> on_deadline(time_point now, output& out) override;
    time_point deadline() const override;
    void end(time_point now, output& out) override;
    void peer_closed(time_point) override {}
    std::optional<end_reason> ended() const override { return std::nullopt; }
    session_times times() const override;
    session_facts facts() const override { return facts_; }
    void set_key_window(identity::key_window const& window, wall_time wall_now, time_point now)
        override;

private:
    // How much of `in` was taken; nothing yet: 0.
    result<std::size_t> step(time_point now, mutable_bytes in, output& out);
    result<std::size_t> take_hello(
        time_point now, awaiting_hello const& state, bytes in, output& out
    );
    result<std::size_t> take_record(time_point now, mutable_bytes record, output& out);
    length_range lengths() const noexcept;

    environment& env_;
    std::variant<awaiting_hello, awaiting_first_record, established> state_;
    session_facts facts_;
    time_point handshake_deadline_;
    time_point record_deadline_ = never;  // for the rest of a record that has begun
    peer_address peer_;
};

}  // namespace gatehouse::spp
