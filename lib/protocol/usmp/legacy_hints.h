// Which 0.2/0.3 device expects which session-id length (docs/protocols/usmp.md, "0.2 or 0.3").
//
// The two cannot be told apart before SESSION_OK, so the gateway guesses, and learns from what a
// proven device does next. Bounded; one table for all listeners, shared by all workers and
// therefore locked; touched once or twice a session of such a device.
#pragma once

#include "base/time.h"
#include "identity/device_id.h"
#include "identity/keyring.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <unordered_map>

namespace gatehouse::usmp {

// A device of one credential set: two sets may use one id for two devices.
struct legacy_device {
    identity::device_id id;
    std::size_t credentials = 0;  // the set's slot

    bool operator==(legacy_device const&) const noexcept = default;
};

struct legacy_hint {
    enum class standing : std::uint8_t {
        untried,  // to be told at the next handshake
        silent,   // told, in a session in which the device has not sent a frame
        proven,   // told, and a frame of the device came
    };

    legacy_device device;
    identity::session_id_length length = identity::session_id_length::unknown;
    standing what = standing::untried;

    bool operator==(legacy_hint const&) const noexcept = default;
};

class legacy_hints {
public:
    explicit legacy_hints(std::size_t capacity) : capacity_{capacity} {}

    // What is known of the device; length unknown when nothing is.
    legacy_hint find(legacy_device const& device) const;

    // What to tell a device that has just proved itself: not what a session was told in vain.
    identity::session_id_length next(legacy_device const& device) const;

    // Of how many devices something is known.
    std::size_t size() const;

    // Forgets the oldest when full.
    void remember(legacy_hint const& hint);

    // The same, unless something else than `expected` is known by now.
    void replace(legacy_hint const& expected, legacy_hint const& by);

private:
    struct hash {
        std::size_t operator()(legacy_device const& of) const noexcept
        {
            return hash_value(of.id) ^ of.credentials;
        }
    };
    struct known {
        identity::session_id_length length;
        legacy_hint::standing what;
    };

    legacy_hint look_up(legacy_device const& device) const;
    void put(legacy_hint const& hint);

    std::size_t capacity_;
    mutable std::mutex mutex_;
    std::unordered_map<legacy_device, known, hash> known_;
    std::deque<legacy_device> order_;
};

// The length that one session was told, until its first frame or its end shows whether it is right.
class length_guess {
public:
    // `hints` outlives it.
    length_guess(
        legacy_hints& hints, legacy_device const& device, identity::session_id_length told
    );
    ~length_guess();
    length_guess(length_guess const&) = delete;
    length_guess& operator=(length_guess const&) = delete;

    // A frame of the device: the guess is right.
    void heard();

    // The device left after so long, or was silent for as long as it may be. A device that was told
    // the wrong length leaves at once; but its socket may also stay open for a while.
    void left(duration after);

    // An end that tells nothing.
    void drop();

private:
    void settle(identity::session_id_length length, legacy_hint::standing what);

    legacy_hints& hints_;
    legacy_device device_;
    identity::session_id_length told_;
    bool was_proven_;
    bool open_ = true;
};

}  // namespace gatehouse::usmp
