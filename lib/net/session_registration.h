// A session's standing in the gateway: in its worker's tables, in the ledgers, known to its
// backend.
//
// Both kinds of connection have one; on their worker's thread.
#pragma once

#include "backend/spool.h"
#include "base/address.h"
#include "base/end_reason.h"
#include "base/result.h"
#include "base/time.h"
#include "gateway/session_table.h"
#include "net/listener_runtime.h"
#include "protocol/output.h"
#include "protocol/session.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gatehouse {

class worker;

class session_registration {
public:
    // Whose it is; all outlive the call that they are given to.
    struct session_context {
        worker& owner;
        listener_runtime& listener;
        peer_address const& peer;
        std::string_view route = {};  // for its backend, when the session begins
    };

    bool active() const noexcept { return active_ != 0; }

    // What an operator may know of it.
    session_row look(session const& of, listener_runtime const& listener, peer_address const& peer)
        const
    {
        return {of.facts(), of.times(), peer, listener.index, listener.credentials, messages_};
    }

    // A device has proven itself, `handshake` after its hello, and there is room for its session:
    // tells everybody, but the backend only of a confirmed one. A request has no handshake.
    void begin(
        session_context who,
        session_facts const& facts,
        live_session& live,
        std::optional<duration> handshake
    );

    // Does its backend know of it?
    bool introduced() const noexcept { return introduced_ != 0; }
    // Tells the backend of the session that was begun, once it is confirmed.
    void introduce(session_context who, session_facts const& facts);

    // Messages for the backend.
    void pass_up(
        session_context who, session_facts const& facts, output const& out, backend::receipt wanted
    );

    // A message for the device was taken in.
    static void count_down(listener_runtime& listener, std::size_t size);

    // Messages that the device did not acknowledge.
    static void report_undelivered(
        session_context who,
        session_facts const& facts,
        std::vector<undelivered_message> const& lost
    );

    // It counts no more among the sessions that there may be: it is about to end.
    void leave_slot(session_context who);
    // The same, and `claim` may have its place.
    void leave_slot_to(device_claim& claim, session_context who);

    // Over, for its backend and for the figures. Nothing when it was over before, or never begun.
    void end(
        session_context who,
        session_facts const& facts,
        end_reason reason,
        std::optional<error> why = {}
    );

private:
    // One word: every session has one.
    std::uint64_t messages_ : 61 = 0;  // from the device
    std::uint64_t active_ : 1 = 0;
    std::uint64_t introduced_ : 1 = 0;  // its backend knows of it
    std::uint64_t has_slot_ : 1 = 0;    // in the ledgers of admission
};

}  // namespace gatehouse
