// A small language for the life of one session: what the device feeds, what the gateway must
// answer, what the backend must get, and how time passes. A script is played against a real session
// in a fresh world, and can be recorded so that session_faults.h can play it again with something
// wrong.
#pragma once

#include "support/live_session.h"
#include "support/reference_device.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::test {

// One thing that is done to a session, in bytes.
struct recorded_step {
    enum class action : std::uint8_t { feed, send, wait };
    action what = action::feed;
    byte_string data{};  // one whole frame of a `feed`, or what could not be cut into frames
    duration time{};

    // How things stood before it.
    std::size_t up_before = 0;
    bool authenticated_before = false;
};

struct recording {
    usmp_world_setup world;
    std::vector<recorded_step> steps{};
    std::vector<byte_string> up{};  // all messages, in order
    bool authenticated = false;     // at the end
};

void replay(recorded_step const& step, live_session& on);

// Plays all steps as they are and fills in what they led to.
void complete(recording& made);

class session_script {
public:
    struct player {
        live_session session;
        reference_device device;
        recording made;
    };
    using maker = std::function<byte_string(reference_device&)>;

    // The usual device in the usual world.
    explicit session_script(wire_generation generation);
    session_script(usmp_world_setup world, reference_device::setup device);

    // The device's side.
    session_script& feed(std::string what, maker make);
    session_script& feed(byte_string raw);
    session_script& hello();
    session_script& hello_ack();
    session_script& shake_hands();  // hello to session_ok, all as it should be
    session_script& message(std::string_view text);
    session_script& message(byte_string text);
    session_script& control(std::uint8_t type, byte_string text = {});
    session_script& rekey(byte_string salt = pattern_bytes(32, 3));

    // The backend's side, and time.
    session_script& send(std::string_view text);
    session_script& send(byte_string text);
    session_script& advance(duration by);

    // What must have come of it. A frame that is expected is also taken by the device.
    session_script& expect_wire(std::uint8_t type, byte_string text = {});
    session_script& expect_up(std::string_view text);
    session_script& expect_up(byte_string text);
    session_script& expect_error(error e);
    session_script& expect_refused(error e);
    session_script& expect_end(end_reason reason);
    session_script& expect_nothing();
    session_script& check(std::function<void(player&)> look);

    // Plays all steps; every expectation is a gtest one, and nothing may be left over at the end.
    void play() const;
    recording record() const;

private:
    struct step {
        std::string name;
        std::function<void(player&)> act;
    };

    session_script& add(std::string name, std::function<void(player&)> act);
    std::unique_ptr<player> run() const;

    usmp_world_setup world_;
    reference_device::setup device_;
    std::vector<step> steps_;
};

}  // namespace gatehouse::test
