// A USMP session over datagrams, from HELLO to BYE (docs/protocols/usmp.md, "UDP").
#pragma once

#include "protocol/datagram_session.h"
#include "protocol/usmp/datagram_environment.h"
#include "protocol/usmp/datagram_established.h"
#include "protocol/usmp/handshake.h"
#include "protocol/usmp/retransmission.h"
#include "protocol/usmp/round_trip.h"

#include <cstdint>
#include <string_view>
#include <variant>

namespace gatehouse::usmp {

class datagram_session final : public gatehouse::datagram_session {
public:
    // Lives in a chunk of `env.memory`; `env` outlives it. The handshake must be finished before
    // `handshake_deadline`.
    static datagram_session_ptr make(datagram_environment& env, time_point handshake_deadline);
    datagram_session(datagram_session const&) = delete;
    datagram_session& operator=(datagram_session const&) = delete;

    result<std::size_t> receive(time_point now, mutable_bytes in, output& out) override;
    result<> send(time_point now, bytes message, output& out) override;
    result<> on_deadline(time_point now, output& out) override;
    time_point deadline() const override;
    void end(time_point now, output& out) override;
    void peer_closed(time_point) override {}
    std::optional<end_reason> ended() const override;
    session_times times() const override;
    session_facts facts() const override;
    void set_key_window(identity::key_window const& window, wall_time wall_now, time_point now)
        override;
    bool heard_newest() const override { return heard_newest_; }
    void address_changed(time_point now) override;
    bool expects_unnamed() const override;
    void taken_over(time_point now, std::size_t messages, output& out) override;
    std::size_t backlog() const override;
    void give_up_messages(output& out) override;
    void retire() noexcept override;

private:
    datagram_session(datagram_environment& env, time_point handshake_deadline);
    ~datagram_session() override;

    struct untouched {
        time_point deadline;  // of the handshake
    };
    struct challenged {
        awaiting_proof proof;
        time_point deadline;
        retransmission clock;
        round_trip measured;
        std::string_view generation;  // of a device that was refused for it
        unsigned judged = 0;
        bool hopeless = false;  // it proved itself, and cannot be let in
    };

    time_point deadline_of_handshake() const noexcept;
    result<std::size_t> take_ack(time_point now, bytes datagram, output& out);
    result<std::size_t> take_hello(
        time_point now, frame_header const& header, bytes payload, output& out
    );
    result<std::size_t> take_proof(
        time_point now, frame_header const& header, bytes payload, output& out
    );
    result<proven> judge(challenged& state, hello_ack const& message, std::uint32_t sequence);

    datagram_environment& env_;
    device_bytes device_{};
    bool heard_newest_ = false;
    identity::key_index credential_ = 0;
    std::variant<untouched, challenged, datagram_established> state_;
};

}  // namespace gatehouse::usmp
