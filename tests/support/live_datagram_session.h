// A gateway's datagram session behind its door, in a world of its own, driven by hand under a
// virtual clock. What it says is copied out of each call, as its caller must do.
#pragma once

#include "base/error.h"
#include "protocol/usmp/datagram_door.h"
#include "support/byte_string.h"
#include "support/usmp_fixture.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace gatehouse::test {

struct lost_message {
    std::uint64_t number = 0;
    byte_string text;
    bool operator==(lost_message const&) const = default;
};

class live_datagram_session {
public:
    explicit live_datagram_session(usmp_world_setup const& setup);

    // A datagram of the device, past the door, which says whether it may be for anybody at all.
    // Once the session is over, it is thrown away.
    void feed(bytes datagram);
    // The same without a door.
    void feed_unseen(bytes datagram);

    void send(bytes message);
    void taken_over(std::size_t messages);
    void advance(duration by);

    // Waits for the session's next deadline. False when it has none.
    bool time_out();

    void end();
    void set_key_window(identity::key_window const& window);
    void give_up_messages();

    bool over() const { return failure || session_->ended(); }
    datagram_session const& get() const { return *session_; }
    usmp::datagram_door& door() { return door_; }
    usmp_world& world() { return world_; }
    time_point now() const { return now_; }

    std::deque<byte_string> wire;          // datagrams for the device; the test takes them out
    std::deque<byte_string> acked_again;   // UTACKs that no datagram asked for
    std::deque<byte_string> up;            // messages for the backend; the test takes them out
    std::deque<lost_message> undelivered;  // the test takes them out
    std::optional<error> failure;          // how the session failed
    std::optional<error> refused;          // what the last call was refused with
    bool was_ours = false;                 // was the last datagram for this session?
    std::uint32_t retransmitted = 0;

private:
    enum class prompted_by : std::uint8_t { caller, time };
    void collect(prompted_by what = prompted_by::caller);

    usmp_world world_;
    usmp::datagram_door door_;
    time_point now_;
    datagram_session_ptr session_;
    output out_;
};

}  // namespace gatehouse::test
