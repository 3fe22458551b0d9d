// An authenticated SPP session (docs/protocols/spp.md, "Records" and "Ends").
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "protocol/lifetime.h"
#include "protocol/output.h"
#include "protocol/session.h"
#include "protocol/spp/environment.h"
#include "protocol/spp/handshake.h"
#include "protocol/spp/record.h"

#include <cstdint>

namespace gatehouse::spp {

class established {
public:
    // The first record has been taken.
    established(environment& env, proven&& start, time_point now);

    // One whole record of the device.
    result<> receive(environment& env, time_point now, mutable_bytes record, output& out);

    result<> send(environment& env, bytes message, output& out);

    // Nothing more is sent: the protocol has no goodbye.
    void fall_silent() noexcept { silent_ = true; }

    // The limit that `now` has reached, if any.
    result<> check_limits(settings const& config, time_point now) const noexcept;

    time_point deadline(settings const& config) const noexcept;

    void set_key_window(
        identity::key_window const& window, wall_time wall_now, time_point now
    ) noexcept
    {
        life_.set_key_window(window, wall_now, now);
    }

    length_range lengths(settings const& config) const noexcept
    {
        return {shortest_record(how_), record_length(how_, config.message_limit)};
    }
    session_times times() const noexcept { return {life_.started(), life_.last_heard()}; }

private:
    // Of what the gateway drew for its nonces.
    age_draw draw() const noexcept { return static_cast<age_draw>(prefix_[0] << 8 | prefix_[1]); }
    bool is_spent(settings const& config) const noexcept
    {
        return received_ >= config.record_budget || sent_ >= config.record_budget;
    }

    crypto::aead_key key_;
    nonce_prefix prefix_;
    lifetime life_;
    std::uint32_t received_ = 1;  // records
    std::uint32_t sent_ = 0;
    generation how_;
    bool silent_ = false;
};

}  // namespace gatehouse::spp
