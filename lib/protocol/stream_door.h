// What stands before a session on a stream: looks at a connection's first bytes while nothing has been
// spent on it, and makes the session when they are a whole, well-formed hello.
//
// One door a listener and worker, on that worker's thread; outlives the sessions that it opened.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "identity/device_id.h"
#include "protocol/session.h"

#include <cstddef>
#include <memory>

namespace gatehouse {

struct first_look {
    bool complete = false;           // a whole hello is there: ask admission, then `open`
    identity::device_id device;      // whom it claims to be, once complete
};

class stream_door {
public:
    virtual ~stream_door() = default;
    stream_door(stream_door const&) = delete;
    stream_door& operator=(stream_door const&) = delete;

    // Judges all bytes received so far; allocates and keeps nothing. An error refuses the connection.
    virtual result<first_look> look(bytes received) const = 0;

    // Never asks for more than this many bytes before `look` says complete or refuses.
    virtual std::size_t hello_limit() const = 0;

    // A session that has until `deadline` to prove itself; give it the bytes that `look` saw.
    virtual std::unique_ptr<session> open(time_point deadline) = 0;

protected:
    stream_door() = default;
};

}  // namespace gatehouse
