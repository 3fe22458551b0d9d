// How many control frames a device may send: more in a window end the session
// (docs/protocols/usmp.md, "Session frames").
#pragma once

#include "base/time.h"
#include "protocol/usmp/limits.h"

#include <cstdint>

namespace gatehouse::usmp {

class control_budget {
public:
    // Counts a frame; false when it is one too many.
    bool allow(time_point now) noexcept
    {
        if (now - window_ >= limits::control_window) {
            window_ = now;
            frames_ = 0;
        }
        return ++frames_ <= limits::control_frames;
    }

private:
    time_point window_{};
    std::uint32_t frames_ = 0;
};

}  // namespace gatehouse::usmp
