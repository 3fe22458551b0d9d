// A session whose bytes come as datagrams: may be lost, repeated, reordered, forged, and come from
// new addresses.
#pragma once

#include "protocol/output.h"
#include "protocol/session.h"

#include <cstddef>
#include <memory>

namespace gatehouse {

// What `session` says holds, but for these: `receive` takes one whole datagram and returns its size
// when it was for this session, 0 when it was not (and nothing happened). An error refuses that
// datagram only; the session goes on unless `ended()` says otherwise. `end` says goodbye behind
// what waits for the device; called again, at once.
class datagram_session : public session {
public:
    // Was the last datagram an authenticated frame, newer than all before it? Only that may change
    // the device's address.
    virtual bool heard_newest() const = 0;

    // The device has a new address: what it may have missed at the old one is due again at once.
    virtual void address_changed(time_point now) = 0;

    // May datagrams from the device's address that name no session be for this one?
    virtual bool expects_unnamed() const = 0;

    // The backend has taken over so many more of the session's messages, oldest first: what
    // acknowledges them to the device goes to `out.wire`.
    virtual void taken_over(time_point now, std::size_t messages, output& out) = 0;

    // Bytes of messages that the device has not acknowledged.
    virtual std::size_t backlog() const = 0;

    // The session is over: messages that the device has not acknowledged go to `out.undelivered`.
    virtual void give_up_messages(output& out) = 0;

    // Destroys the session, whose memory goes back to the door that opened it.
    virtual void retire() noexcept = 0;
};

struct retire_session {
    void operator()(datagram_session* over) const noexcept { over->retire(); }
};
using datagram_session_ptr = std::unique_ptr<datagram_session, retire_session>;

}  // namespace gatehouse
