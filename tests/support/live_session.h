// A gateway session in a world of its own, driven by hand under a virtual clock. What it says is
// copied out of each call, as its caller must do.
#pragma once

#include "base/error.h"
#include "protocol/usmp/stream_session.h"
#include "support/byte_string.h"
#include "support/usmp_fixture.h"

#include <cstddef>
#include <deque>
#include <optional>

namespace gatehouse::test {

class live_session {
public:
    explicit live_session(usmp_world_setup const& setup);

    // Bytes of the device, after those that were not consumed yet. Once the session is over, they
    // are thrown away, as by a closed socket.
    void feed(bytes data);
    void feed_bytewise(bytes data);

    void send(bytes message);
    void advance(duration by);

    // Waits for the session's next deadline. False when it has none.
    bool time_out();

    void end();
    void set_key_window(identity::key_window const& window);
    void close();

    bool over() const { return failure || session_.ended(); }
    session const& get() const { return session_; }
    usmp_world& world() { return world_; }
    time_point now() const { return now_; }
    std::size_t unconsumed() const { return pending_.size(); }

    std::deque<byte_string> wire;  // frames for the device; the test takes them out
    std::deque<byte_string> up;    // messages for the backend; the test takes them out
    std::optional<error> failure;  // how the session failed
    std::optional<error> refused;  // what the last `send` was refused with

private:
    void collect();

    usmp_world world_;
    time_point now_;
    usmp::stream_session session_;
    output out_;
    byte_string pending_;
};

}  // namespace gatehouse::test
