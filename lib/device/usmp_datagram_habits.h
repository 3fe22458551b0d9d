// What differs between devices of one release over datagrams: the hardware and its application.
#pragma once

#include "device/usmp_flight.h"
#include "device/usmp_release.h"

#include <cstdint>

namespace gatehouse::device {

struct usmp_datagram_habits {
    // When the gateway's frames are acknowledged and answered. Python from 0.6 on takes each as it
    // comes. On ESP32 only the application's `collect` does, and all but the first that came since
    // are lost. Python of 0.4.7 and 0.5 acknowledges each as it comes and opens them one by one
    // when the application collects; what it has not opened yet it does not know again, so that a
    // repetition of it is a frame out of order, on which the session fails.
    enum class taking : std::uint8_t { at_once, when_collected, queued };

    usmp_pace pace = usmp_pace::fixed;
    taking frames = taking::at_once;
};

// Those of the release on a computer: at once; a measured pace from 1.2 on.
inline usmp_datagram_habits usual_habits(usmp_release const& release) noexcept
{
    return {.pace = release.can_rekey ? usmp_pace::measured : usmp_pace::fixed};
}

}  // namespace gatehouse::device
