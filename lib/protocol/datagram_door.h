// What stands before the sessions of a datagram listener: tells whose a datagram may be while
// nothing is spent on it, and opens sessions for devices whose address is believed.
//
// One door a listener and worker, on that worker's thread; outlives the sessions that it opened.
#pragma once

#include "base/address.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/session_id.h"
#include "base/time.h"
#include "identity/device_id.h"
#include "identity/listed_device.h"
#include "protocol/datagram_session.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace gatehouse {

struct datagram_look {
    enum class verdict : std::uint8_t {
        named,    // for the session `session`, or for nobody
        unnamed,  // for a session at the address that it comes from, or for nobody
        hello,    // as `unnamed`, or from a device that wants a session
        refused,  // for nobody, for the reason in `why`
    };
    verdict what = verdict::refused;
    error why{};
    session_id session;
    identity::device_id device;  // whom a hello claims to be from
    // Of a hello whose bytes choose its worker: workers take turns by it. Else its address does.
    std::optional<std::uint8_t> worker_byte;
    bool is_handshake = false;  // a refused one counts as a failed handshake
};

class datagram_door {
public:
    virtual ~datagram_door() = default;
    datagram_door(datagram_door const&) = delete;
    datagram_door& operator=(datagram_door const&) = delete;

    // What a hello begins: a session of many datagrams, or one request with one reply, which has
    // no handshake and no goodbye and of which a device may have many at once.
    enum class style : std::uint8_t { sessions, requests };
    virtual style serves() const { return style::sessions; }

    // Judges the form of a datagram; allocates and keeps nothing.
    virtual datagram_look look(bytes datagram) const = 0;

    enum class welcome : std::uint8_t {
        open,      // ask admission, then `open`
        answered,  // at the door: the reply is in `out.wire`
        ignored,   // a repetition, to which there is nothing to say
    };
    // For a hello that no session at its address knows. Keeps nothing. A device that must prove its
    // address first gets a reply no larger than its hello; a request that was answered before, the
    // same bytes again.
    virtual welcome meet(time_point now, peer_address const& from, bytes hello, output& out) = 0;

    // A session that has until `deadline` to prove itself; give it the hello. Its memory was set
    // aside before, up to the number of handshakes that the door was made for.
    virtual datagram_session_ptr open(time_point deadline) = 0;

    // What a door of requests remembers, and how many it had to forget before their time since the
    // last call. `scarce`: a key of the gateway that has come near the end of what it may accept,
    // or to it; told once each.
    struct scarce_key {
        identity::key_index key = 0;
        std::uint64_t requests = 0;  // that it may accept
        bool used_up = false;
    };
    struct memory_figures {
        std::size_t remembered = 0;
        std::uint64_t forgotten_early = 0;
        std::optional<scarce_key> scarce;
    };
    virtual memory_figures take_memory_figures() { return {}; }

    // May sessions take in messages for the backend?
    virtual void set_backend_capacity(bool has_capacity) = 0;

    // Are devices asked to prove their addresses now?
    virtual bool asks_for_proof(time_point now) = 0;

protected:
    datagram_door() = default;
};

}  // namespace gatehouse
