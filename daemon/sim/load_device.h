// One device of a load run: connects, shakes hands, sends at its rate, and comes back when it may.
// How its bytes travel is a derived class's business.
#pragma once

#include "failure.h"
#include "load_run.h"

#include <cstdint>
#include <string_view>

namespace gatehouse::sim {

class load_device {
public:
    virtual ~load_device() = default;
    load_device(load_device const&) = delete;
    load_device& operator=(load_device const&) = delete;

    // Begins to connect. Not while there is a connection.
    void attempt();

    // The device may send from now on, if it has a session.
    void begin_sending();

    // The run is over: says BYE and waits for the gateway to hear it.
    void leave();

    // Closes without waiting.
    virtual void abandon() = 0;

    // True when the appointment is a new attempt, which the fleet admits.
    bool keep(appointment const& due);

    bool has_session() const noexcept { return stage_ == stage::established; }
    bool has_failed() const noexcept { return !left_well_; }

protected:
    enum class stage : std::uint8_t { idle, connecting, shaking_hands, established, leaving };

    // `run` outlives the device; the device stays where it is.
    load_device(load_run& run, std::uint32_t index) : run_{run}, index_{index} {}

    // What a derived class does. None is called without a connection but `open` and `connected`.
    virtual void open() = 0;  // ends with `lost` when it cannot
    virtual bool connected() const noexcept = 0;
    virtual bool blocked() const = 0;  // nothing may be said now
    virtual result<> say(bytes message) = 0;
    virtual void ping() = 0;
    virtual void farewell() = 0;                 // BYE
    virtual void flush() = 0;                    // behind every word said
    virtual void drop(failure const& why) = 0;   // ends with `lost`, at once or later
    virtual void keep_own(due_action what) = 0;  // one of the derived class
    virtual std::string_view awaits() const = 0;

    // What it tells. The connection is gone after `lost`, so its facts must still be there during
    // the call.
    void establish();
    void hear(bytes message);
    void go_on();  // what was blocked is not any more, or an answer came
    void lost(failure const& why);

    void appoint(due_action what, time_point when);

    stage at() const noexcept { return stage_; }
    void now_at(stage next) noexcept { stage_ = next; }
    load_run& run() const noexcept { return run_; }
    std::uint32_t index() const noexcept { return index_; }
    // A number from 0 to 1 that differs between devices and tries.
    double spread() const noexcept;

private:
    void greet();
    void send_messages();
    void send_due(time_point planned);
    void keep_alive();
    void note(stage lost_at, failure const& why);
    void settle();
    bool may_try_again(stage lost_at, failure const& why) const noexcept;

    load_run& run_;
    time_point began_{};  // this attempt
    time_point last_said_{};
    std::uint32_t index_;
    std::uint32_t attempts_ = 0;
    std::uint32_t tries_ = 0;    // attempts since the last session
    std::uint32_t awaited_ = 0;  // echoes
    stage stage_ = stage::idle;
    bool settled_ = false;
    bool left_well_ = false;
};

}  // namespace gatehouse::sim
