// A line a second on standard error while a load run goes on: rewritten in place on a terminal.
#pragma once

#include "load_run.h"

#include <cstdint>

namespace gatehouse::sim {

class progress {
public:
    explicit progress(load_run const& run);

    void begin(time_point now);
    void tick();            // any time; prints when a second has passed
    void tell_connected();  // a line of its own: everybody who can be is connected
    void finish();          // ends the line

private:
    void print(duration since_last);

    load_run const& run_;
    time_point last_{};
    std::uint64_t handshakes_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t received_ = 0;
    bool is_terminal_;
    bool printed_ = false;
};

}  // namespace gatehouse::sim
