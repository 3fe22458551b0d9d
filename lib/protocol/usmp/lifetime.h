// How long an authenticated session may go on: its key's window, its age, its silence.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "identity/key_window.h"
#include "protocol/usmp/environment.h"

namespace gatehouse::usmp {

class lifetime {
public:
    lifetime(identity::key_window const& window, wall_time wall_now, time_point now) noexcept;

    // The key's window is another now.
    void set_key_window(
        identity::key_window const& window, wall_time wall_now, time_point now
    ) noexcept;

    // An authenticated frame arrived.
    void heard(time_point now) noexcept { last_frame_ = now; }

    // The limit that `now` has reached, if any: unproven_expired_key, limit_session_age,
    // limit_idle_time.
    result<> check(settings const& config, time_point now) const noexcept;

    // When the first of them will be.
    time_point deadline(settings const& config) const noexcept;

    time_point started() const noexcept { return started_; }
    time_point last_heard() const noexcept { return last_frame_; }

private:
    time_point started_;
    time_point last_frame_;
    time_point key_expires_;
};

}  // namespace gatehouse::usmp
