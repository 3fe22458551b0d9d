// Fair shares of a budget of so many units a second, by where who asks comes from.
//
// While the budget has something left, everybody gets what he asks for. When it is used up, what
// comes in is shared: networks (IPv4 /24, IPv6 /56) alike, and within each its addresses (/32,
// /64). Who has had less than his share overdraws the budget, which the others pay back; so a
// newcomer gets in whatever a flood takes, and the sum stays what it should be. Sources and devices
// that proved themselves lately may overdraw deeper than anybody else: they come first, but for a
// part of the budget that is for newcomers. Their shares are bounded as well, since others can use
// an address or a name that is known to be good.
//
// Constant memory: what sources had within about a second is estimated in buckets whose order
// changes with a key. Not locked; its owner's thread, or lock.
#pragma once

#include "base/address.h"
#include "base/time.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace gatehouse {

enum class standing : std::uint8_t { unknown, proven };

class source_shares {
public:
    // Who asks; for the time of the call.
    struct asker {
        // NOLINTNEXTLINE(google-explicit-constructor): an address of which nothing more is known
        asker(peer_address const& address) : from{address} {}
        asker(peer_address const& address, standing of_address)
            : from{address}
            , of_source{of_address}
        {
        }

        peer_address const& from;
        standing of_source = standing::unknown;
        // A hash of the device that it claims to be, if that one proved itself lately.
        std::optional<std::uint64_t> proven_device{};
    };

    // `seed` is drawn at random. 0 a second: no bound, and no memory.
    source_shares(double a_second, std::uint64_t seed);

    // Takes one unit; false when this asker gets none now. The budget holds one second's worth at
    // first; overdrafts are at most one and a half times that, and a quarter for newcomers.
    bool take(time_point now, asker const& who);

    // One unit that was taken turned out not to be needed.
    void give_back(asker const& who);
    // One more than was taken was needed: nobody is asked.
    void charge(time_point now, asker const& who);

    void set_rate(double a_second);

private:
    static constexpr std::size_t rows = 2;
    static constexpr std::size_t columns = 4096;
    static constexpr std::chrono::minutes between_keys{1};

    // What was taken, as it fades: after a second of rest about a third of it is left.
    struct bucket {
        float taken = 0;
        std::uint32_t at = 0;  // milliseconds since the key was made
    };
    // Where a source, network or device is counted: the fullest of its buckets is another's, the
    // emptiest hardly ever.
    using indexes = std::array<std::uint32_t, rows>;

    // The three that an asker counts as.
    struct account {
        indexes address{};
        indexes network{};
        std::optional<indexes> device;
    };

    void refill(time_point now);
    void change_key(time_point now);
    account account_of(asker const& who) const;
    void charge(account const& who);
    indexes indexes_of(std::uint64_t hash) const;
    float taken_now(bucket const& of) const;
    float taken_by(indexes const& who) const;
    void charge(indexes const& who);
    void discharge(indexes const& who);
    bool may_overdraw(asker const& who, account const& its);

    double rate_;
    std::uint64_t key_;
    double left_;       // below zero: overdrawn
    double newcomers_;  // of what is for them whatever the proven take
    time_point refilled_{};
    time_point key_made_{};
    std::uint32_t now_ = 0;  // milliseconds since then
    bucket all_;
    std::vector<bucket> buckets_;
};

}  // namespace gatehouse
