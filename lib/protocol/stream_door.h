// What stands before a session on a stream: looks at a connection's first bytes while nothing has
// been spent on it, and makes the session when they are a whole, well-formed hello.
//
// One door a listener and worker, on that worker's thread; outlives the sessions that it opened.
#pragma once

#include "base/address.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/result.h"
#include "base/time.h"
#include "identity/device_id.h"
#include "protocol/session.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace gatehouse {

struct first_look {
    enum class verdict : std::uint8_t {
        incomplete,  // nothing wrong so far, more bytes needed
        hello,       // a whole, well-formed hello: ask admission, then `open`
        refused,     // end the connection, for the reason in `why`
    };
    verdict what = verdict::incomplete;
    error why{};
    identity::device_id device;  // whom it claims to be, as far as the bytes say
};

class stream_door {
public:
    virtual ~stream_door() = default;
    stream_door(stream_door const&) = delete;
    stream_door& operator=(stream_door const&) = delete;

    // Judges all bytes received so far; allocates and keeps nothing.
    virtual first_look look(bytes received) const = 0;

    // Never asks for more than this many bytes before `look` says complete or refuses.
    virtual std::size_t hello_limit() const = 0;

    // A session with the device at `peer`, which has until `deadline` to prove itself; give it the
    // bytes that `look` saw.
    virtual std::unique_ptr<session> open(time_point deadline, peer_address const& peer) = 0;

    // How long to wait for a device that sends nothing before `greet`ing it. The longest duration:
    // in this protocol devices speak first.
    virtual duration patience() const { return duration::max(); }

    // As `open`, for a device that has sent nothing: what the gateway says is in `out.wire`. To be
    // called only where `patience` has an end.
    virtual result<std::unique_ptr<session>> greet(
        time_point deadline, peer_address const& peer, output& out
    )
    {
        static_cast<void>(deadline);
        static_cast<void>(peer);
        static_cast<void>(out);
        return error::internal_closed;
    }

protected:
    stream_door() = default;
};

}  // namespace gatehouse
