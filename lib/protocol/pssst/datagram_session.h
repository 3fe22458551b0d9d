// One PSSST request as a session: it takes one packet, gives one message, and is over with its
// reply (docs/protocols/pssst.md, "A request is a session").
#pragma once

#include "protocol/datagram_session.h"
#include "protocol/pssst/datagram_door.h"
#include "protocol/pssst/duplicate_cache.h"
#include "protocol/pssst/reply.h"

#include <cstddef>
#include <optional>

namespace gatehouse::pssst {

class datagram_session final : public gatehouse::datagram_session {
public:
    // Lives in a chunk of `env.memory`; `env` outlives it.
    static datagram_session_ptr make(datagram_environment& env, time_point reply_deadline);

    // The one packet. An error is why it is no request that is admitted; nothing was kept of it,
    // but `facts` may say whose key it proved.
    result<std::size_t> receive(time_point now, mutable_bytes in, output& out) override;
    // The reply: the session is over. limit_reply_size and limit_reply_above_request refuse one
    // that would be too large; the session goes on.
    result<> send(time_point now, bytes message, output& out) override;
    // limit_reply_time, or unproven_expired_key when its key's window has closed.
    result<> on_deadline(time_point now, output& out) override;
    time_point deadline() const override;
    std::optional<end_reason> ended() const override;
    session_facts facts() const override { return facts_; }
    session_times times() const override { return {opened_, opened_}; }
    void set_key_window(identity::key_window const& window, wall_time wall_now, time_point now)
        override;
    void retire() noexcept override;

    // Requests have no goodbye, no address but their own, and nothing to acknowledge.
    void end(time_point, output&) override {}
    void peer_closed(time_point) override {}
    bool heard_newest() const override { return false; }
    void address_changed(time_point) override {}
    bool expects_unnamed() const override { return false; }
    void taken_over(time_point, std::size_t, output&) override {}
    std::size_t backlog() const override { return 0; }
    void give_up_messages(output&) override {}

private:
    datagram_session(datagram_environment& env, time_point reply_deadline);
    ~datagram_session() override = default;

    datagram_environment& env_;
    time_point reply_deadline_;
    time_point key_deadline_ = never;
    time_point opened_{};
    session_facts facts_;
    std::size_t request_size_ = 0;
    std::optional<reply_sealer> reply_;
    duplicate_cache::ticket ticket_;
};

}  // namespace gatehouse::pssst
