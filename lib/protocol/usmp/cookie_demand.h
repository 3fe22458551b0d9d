// Must a device show a cookie now? (docs/protocols/usmp.md, "HELLO_RETRY")
//
// `automatic` answers directly in peace, which devices before 0.6 need, and asks for cookies from
// the moment when many handshakes are open, or were begun within a second, until they have been
// few for a while.
#pragma once

#include "base/time.h"
#include "protocol/usmp/options.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace gatehouse::usmp {

class cookie_demand {
public:
    // Of the handshakes that may be open at once: when to begin and when to cease asking.
    static constexpr std::size_t begin_share = 4;   // a quarter
    static constexpr std::size_t cease_share = 16;  // a sixteenth
    static constexpr std::size_t begin_least = 8;   // unless fewer may be open at all
    static constexpr std::chrono::seconds calm{10};

    cookie_demand(cookie_policy policy, std::size_t most_handshakes)
        : policy_{policy}
        , begin_{std::min(most_handshakes, std::max(begin_least, most_handshakes / begin_share))}
        , cease_{most_handshakes / cease_share}
        , most_a_second_{std::max(begin_least, most_handshakes)}
    {
    }

    void set_policy(cookie_policy policy) noexcept { policy_ = policy; }

    // `open` handshakes now.
    bool required(time_point now, std::size_t open) noexcept
    {
        if (policy_ != cookie_policy::automatic)
            return policy_ == cookie_policy::always;
        bool const begins = open >= begin_ && open > 0;
        bool const goes_on = open > cease_ && now < until_;
        if (begins || goes_on)
            until_ = now + calm;
        return now < until_;
    }

    // A handshake begins without a cookie. Those that end at once are never open in great number,
    // and cost as much.
    void begun(time_point now) noexcept
    {
        if (now - second_began_ >= std::chrono::seconds{1}) {
            second_began_ = now;
            in_second_ = 0;
        }
        if (++in_second_ >= most_a_second_)
            until_ = now + calm;
    }

private:
    cookie_policy policy_;
    std::size_t begin_;
    std::size_t cease_;
    std::size_t most_a_second_;
    std::size_t in_second_ = 0;
    time_point second_began_{};
    time_point until_{};
};

}  // namespace gatehouse::usmp
