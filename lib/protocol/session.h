// One device's session as a state machine: bytes and times go in, bytes and messages come out.
//
// No sockets, clocks, threads or logs; never re-entered. Owned by what carries it (a connection,
// a request), used on one worker's thread only. After an error, or once `ended()`
// has a value, only the destructor may be called; what the failing call put into `output` still
// goes out.
#pragma once

#include "base/bytes.h"
#include "base/end_reason.h"
#include "base/error.h"
#include "base/result.h"
#include "base/session_id.h"
#include "base/time.h"
#include "identity/device_id.h"
#include "identity/key_window.h"
#include "protocol/output.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace gatehouse {

// What is known of a session. `device` is only claimed until `authenticated` is true; the other
// members mean nothing before.
struct session_facts {
    identity::device_id device;
    session_id id;
    std::string_view generation;         // "1.2"; static storage
    identity::key_index credential = 0;  // which key proved the device
    bool authenticated = false;
    // False while an authenticated device may still turn out to have refused its session: its
    // backend is not told of it.
    bool confirmed = true;
    bool is_protected = true;  // false: anybody can read and forge its messages
};

// When a session began, and when its device was last heard.
struct session_times {
    time_point opened;
    time_point heard;
};

// What carries a session, for one that waits for work that is done elsewhere.
class session_carrier {
public:
    // That work is done: `on_deadline` will be called soon. On the worker's thread, not out of a
    // call of the session.
    virtual void wake() = 0;

protected:
    ~session_carrier() = default;
};

class session {
public:
    virtual ~session() = default;
    session(session const&) = delete;
    session& operator=(session const&) = delete;

    // Called once, before anything comes; `by` outlives the session.
    virtual void carried_by(session_carrier& by) { static_cast<void>(by); }

    // Takes bytes of the device and returns how many it consumed; the caller keeps the rest and
    // shows it again in front of what arrives next. Decrypts in place: messages in `out.up` point
    // into `in` or into memory that `out` holds. A stream's session stops when `out.is_full()`.
    virtual result<std::size_t> receive(time_point now, mutable_bytes in, output& out) = 0;

    // One message of the backend for the device. error::limit_message_size when it cannot fit (the
    // session goes on).
    virtual result<> send(time_point now, bytes message, output& out) = 0;

    // The same, and what the backend calls the outcome, in protocols whose conversations end with
    // one: the session says its last with it.
    virtual result<> send_last(time_point now, bytes message, std::string_view status, output& out)
    {
        static_cast<void>(status);
        return send(now, message, out);
    }

    // Has a call other than `receive` made the session ready for bytes that it left? Then they are
    // to be shown again, though nothing new has come.
    virtual bool wants_what_it_left() const { return false; }

    // To be called when `deadline()` has come; a spurious call is harmless. An error ends the
    // session, for the reason that reason_of(error) names.
    virtual result<> on_deadline(time_point now, output& out) = 0;

    // The earliest time at which something is due; it may move with every call.
    virtual time_point deadline() const = 0;

    // The gateway ends the session: says goodbye in the protocol's own way, if it has one.
    // Afterwards `receive` may still take what the device had sent before it heard; nothing more is
    // sent.
    virtual void end(time_point now, output& out) = 0;

    // The same when it is the backend that has no more to say.
    virtual void dismiss(time_point now, output& out) { end(now, out); }

    // The device's side closed the connection without a word.
    virtual void peer_closed(time_point now) = 0;

    // Set when the device itself ended the session.
    virtual std::optional<end_reason> ended() const = 0;

    // Set when the device was told why it is turned away, and has a moment to read that: the error
    // that `on_deadline` will return, and that is to blame when the device closes the connection
    // before.
    virtual std::optional<error> turned_away() const { return std::nullopt; }

    // The session has said its last: the connection's sending side may be closed.
    virtual bool says_no_more() const { return false; }

    virtual session_facts facts() const = 0;
    // In protocols that have routes, once the device is authenticated; lives as long as the
    // session.
    virtual std::string_view route() const { return {}; }
    // Means nothing before the device is authenticated.
    virtual session_times times() const = 0;

    // The window of the key that proved the device is another now: the session ends when it closes,
    // or at once if it is not open. `deadline()` may have moved. Before the device is authenticated
    // it does nothing.
    virtual void set_key_window(
        identity::key_window const& window, wall_time wall_now, time_point now
    ) = 0;

protected:
    session() = default;
};

}  // namespace gatehouse
