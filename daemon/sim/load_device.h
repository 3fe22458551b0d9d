// One device of a load run: comes in, sends at its rate, and comes back when it may.
#pragma once

#include "load_run.h"
#include "session.h"

#include <cstdint>

namespace gatehouse::sim {

class load_device final : public session {
public:
    // `run` outlives the device; the device stays where it is.
    load_device(load_run& run, std::uint32_t index) : session{run, index} {}

    // Begins to connect. Not while there is a connection.
    void come();

    // The device may send from now on, if it has a session.
    void begin_sending();

    // The run is over.
    void go();

    bool has_failed() const noexcept { return !left_well_; }

private:
    void began() override;
    void act() override;
    void hear(bytes message) override;
    void lost(stage at, failure const& why) override;
    void send_due(time_point planned) override;

    // What the constructor was given: a pointer less for each of a million devices.
    load_run& run() const noexcept { return static_cast<load_run&>(shared()); }
    void send_messages();
    void note(stage lost_at, failure const& why);
    void settle();
    bool may_try_again(stage lost_at, failure const& why) const noexcept;

    std::uint32_t tries_ = 0;    // attempts since the last session
    std::uint32_t awaited_ = 0;  // echoes
    bool settled_ = false;
    bool left_well_ = false;
};

}  // namespace gatehouse::sim
