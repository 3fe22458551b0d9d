// One device of a load run: connects, shakes hands, sends at its rate, and comes back when it may.
//
// One coroutine while it has a connection, none while it has not.
#pragma once

#include "connection.h"
#include "load_run.h"

#include <cstdint>
#include <optional>

namespace gatehouse::sim {

class load_device {
public:
    // `run` outlives the device; the device stays where it is.
    load_device(load_run& run, std::uint32_t index) : run_{run}, index_{index} {}

    // Begins to connect. Not while there is a connection.
    void attempt();

    // The device may send from now on, if it has a session.
    void begin_sending();

    // The run is over: says BYE and waits for the gateway to close.
    void leave();

    // Closes without waiting.
    void abandon();

    // True when the appointment is a new attempt, which the fleet admits.
    bool keep(appointment const& due);

    bool has_session() const noexcept { return stage_ == stage::established; }
    bool has_failed() const noexcept { return !left_well_; }

private:
    enum class stage : std::uint8_t { idle, connecting, shaking_hands, established, leaving };

    friend task drive(load_device* device);
    void connected(boost::system::error_code const& refused);
    void readable(boost::system::error_code const& broken);
    void detached();

    void establish();
    void hear(bytes message);
    void send_messages();
    void send_due(time_point planned);
    bool answers_at_once() const noexcept;
    void flush();
    void keep_alive();
    void drop(trouble const& why);
    void note(stage lost_at);
    void settle();
    bool may_try_again(stage lost_at) const noexcept;
    void appoint(errand what, time_point when);
    double spread() const noexcept;

    load_run& run_;
    std::optional<connection> link_;
    trouble why_;
    time_point began_{};  // this attempt
    time_point last_said_{};
    std::uint32_t index_;
    std::uint32_t attempts_ = 0;
    std::uint32_t tries_ = 0;    // attempts since the last session
    std::uint32_t awaited_ = 0;  // echoes
    stage stage_ = stage::idle;
    bool dropped_ = false;
    bool settled_ = false;
    bool left_well_ = false;
};

}  // namespace gatehouse::sim
