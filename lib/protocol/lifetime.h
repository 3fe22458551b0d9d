// How long an authenticated session may go on: its key's window, its age, its silence.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "identity/key_window.h"
#include "protocol/key_expiry.h"

#include <algorithm>
#include <cstdint>

namespace gatehouse {

// How much of a tenth of `max_session_age` a session does without, in 65536ths: random, and the
// same for its whole life. Sessions that began together would otherwise end together.
using age_draw = std::uint16_t;

// `Settings` are a protocol's own; what counts here is their `max_session_age` and `idle_timeout`.
class lifetime {
public:
    lifetime(identity::key_window const& window, wall_time wall_now, time_point now) noexcept
        : started_{now}
        , last_heard_{now}
        , key_expires_{expiry_of(window, wall_now, now)}
    {
    }

    // The key's window is another now.
    void set_key_window(
        identity::key_window const& window, wall_time wall_now, time_point now
    ) noexcept
    {
        key_expires_ = expiry_of(window, wall_now, now);
    }

    // Something that authenticated arrived.
    void heard(time_point now) noexcept { last_heard_ = now; }

    // The limit that `now` has reached, if any: unproven_expired_key, limit_session_age,
    // limit_idle_time.
    template <class Settings>
    result<> check(Settings const& config, time_point now, age_draw draw) const noexcept
    {
        if (auto const reached = check_length(config, now, draw); !reached)
            return reached;
        if (now >= idle_deadline(config))
            return error::limit_idle_time;
        return {};
    }

    // When the first of them will be.
    template <class Settings>
    time_point deadline(Settings const& config, age_draw draw) const noexcept
    {
        return std::min(length_deadline(config, draw), idle_deadline(config));
    }

    // The same without silence, and silence alone: for protocols in which the gateway may be to
    // blame for it.
    template <class Settings>
    result<> check_length(Settings const& config, time_point now, age_draw draw) const noexcept
    {
        if (now >= key_expires_)
            return error::unproven_expired_key;
        if (now >= later(started_, age_limit(config.max_session_age, draw)))
            return error::limit_session_age;
        return {};
    }
    template <class Settings>
    time_point length_deadline(Settings const& config, age_draw draw) const noexcept
    {
        return std::min(key_expires_, later(started_, age_limit(config.max_session_age, draw)));
    }
    template <class Settings>
    time_point idle_deadline(Settings const& config) const noexcept
    {
        return later(last_heard_, config.idle_timeout);
    }

    time_point started() const noexcept { return started_; }
    time_point last_heard() const noexcept { return last_heard_; }

private:
    static duration age_limit(duration longest, age_draw draw) noexcept
    {
        return longest - longest / 10 / 65536 * draw;
    }

    time_point started_;
    time_point last_heard_;
    time_point key_expires_;
};

}  // namespace gatehouse
