// One device from its first connection to its last: connects, shakes hands, keeps the session
// alive, says goodbye. What it says is a derived class's business.
#pragma once

#include "agenda.h"
#include "failure.h"
#include "link.h"
#include "run_environment.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace gatehouse::sim {

class session {
public:
    virtual ~session() = default;
    session(session const&) = delete;
    session& operator=(session const&) = delete;

    // Begins to connect. Not while there is a connection.
    void attempt();

    // Says BYE and waits for the gateway to hear it; without a session: abandons.
    void leave();

    // Closes without waiting.
    void abandon() { drop({}); }

    // True when the appointment is a new attempt, which the caller admits.
    bool keep(appointment const& due);

    // What the link tells.
    void connected(failure const& refused);
    void heard(failure const& wrong);  // the messages stand in the output
    void closed(failure const& why);
    // A datagram of the gateway.
    void take(mutable_bytes datagram);

protected:
    enum class stage : std::uint8_t { idle, connecting, shaking_hands, established, leaving };

    // `run` outlives the device; the device stays where it is.
    session(run_environment& run, std::uint32_t index) : run_{run}, index_{index} {}

    // What a derived class does.
    virtual void began() = 0;  // the session is there
    virtual void act() = 0;    // something happened in the session: what is there to say?
    // One message of the gateway; the bytes live until the return, and nothing is said meanwhile.
    virtual void hear(bytes message) = 0;
    // The connection is gone; the link's facts are there until the return.
    virtual void lost(stage at, failure const& why) = 0;
    virtual void send_due(time_point planned) = 0;  // due_action::message

    // What it may do in a session. `flush` stands behind what was said; it may end the connection.
    result<> say(bytes message);
    void flush();
    void drop(failure const& why);  // ends with `lost`, at once or later
    void appoint(due_action what, time_point when);

    bool is_connected() const noexcept { return link_ && !dropped_; }
    bool blocked() const { return !is_connected() || link_->blocked(); }
    run_environment& shared() const noexcept { return run_; }
    link& way() const noexcept { return *link_; }
    stage at() const noexcept { return stage_; }
    time_point began_at() const noexcept { return began_; }  // this attempt
    std::uint32_t index() const noexcept { return index_; }
    // A number from 0 to 1 that differs between devices and attempts.
    double spread() const noexcept;

private:
    void establish();
    void keep_alive();
    void keep_link();
    void appoint_link();
    void appoint_rebind();

    run_environment& run_;
    std::unique_ptr<link> link_;
    time_point began_{};
    time_point last_said_{};
    time_point link_due_ = never;  // the earliest appointment for the link
    std::uint32_t index_;
    std::uint32_t attempts_ = 0;
    stage stage_ = stage::idle;
    bool dropped_ = false;  // and not closed yet
};

}  // namespace gatehouse::sim
