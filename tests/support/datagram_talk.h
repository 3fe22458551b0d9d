// A device and a gateway's session that talk over datagrams, step by step, with expectations on the
// way. What is done to the session is recorded, so that datagram_faults.h can do it again with
// something wrong.
#pragma once

#include "support/live_datagram_session.h"
#include "support/reference_device.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace gatehouse::test {

// The generations that know datagrams.
inline constexpr wire_generation datagram_generations[] = {
    wire_generation::c, wire_generation::d1, wire_generation::d2, wire_generation::d3};

// One thing that is done to a session, in bytes.
struct datagram_step {
    enum class action : std::uint8_t { feed, send, take_over, wait };
    action what = action::feed;
    byte_string data{};
    std::size_t count = 0;
    duration time{};

    // How things stood before it.
    std::size_t up_before = 0;
    bool authenticated_before = false;
};

struct datagram_recording {
    usmp_world_setup world;
    std::vector<datagram_step> steps{};
    std::vector<byte_string> up{};  // all messages, in order
    bool authenticated = false;     // at the end
};

void replay(datagram_step const& step, live_datagram_session& on);

class datagram_talk {
public:
    // A frame of the device and the UTACK that is owed for it.
    struct said {
        byte_string frame;
        byte_string ack;
    };

    // The usual device in the usual world.
    explicit datagram_talk(wire_generation generation, usmp_world_setup world = {});
    datagram_talk(usmp_world_setup world, reference_device::setup device);

    // The device's side. `seal` only makes a frame; `feed` lets it arrive.
    said seal(std::uint8_t type, byte_string text = {});
    said feed(said frame);
    said hello();
    said hello_ack();
    said say(std::uint8_t type, std::string_view text = {});
    said rekey(byte_string salt = pattern_bytes(32, 3));
    void feed(byte_string datagram);

    // Everything as it should be: from HELLO to the UTACK of SESSION_OK; a message to the backend,
    // which takes it over; a frame of the gateway, which the device takes and acknowledges.
    void shake_hands();
    void deliver(byte_string text);
    void deliver(std::string_view text) { deliver(text_bytes(text)); }
    void hear(std::uint8_t type, byte_string text = {});

    // The backend's side, and time.
    void send(std::string_view text) { send(text_bytes(text)); }
    void send(byte_string text);
    void take_over(std::size_t messages = 1);
    void advance(duration by);

    // What must have come of it. A frame that is expected is also taken by the device, which owes
    // the UTACK that `expect_frame` returns.
    byte_string expect_frame(std::uint8_t type, byte_string text = {});
    void expect_wire(byte_string const& datagram);
    void expect_ack(said const& of) { expect_wire(of.ack); }
    void expect_up(byte_string const& text);
    void expect_up(std::string_view text) { expect_up(text_bytes(text)); }
    void expect_refused(error e);
    void expect_undelivered(std::uint64_t number, std::string_view text);
    // Nothing that was not looked at, and no end.
    void expect_silence();
    // Nothing more, however long it takes, but the end by a time limit.
    void expect_failure(error e);

    // The next datagram of the gateway; it is lost.
    byte_string lose();

    live_datagram_session session;
    reference_device device;
    datagram_recording made;

private:
    void note(datagram_step step);
};

}  // namespace gatehouse::test
