// Must a device show a cookie now? (docs/protocols/usmp.md, "HELLO_RETRY")
//
// `automatic` answers directly in peace, which devices before 0.6 need, and asks for cookies from
// the moment when many handshakes are open until they have been few for a while.
#pragma once

#include "base/time.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace gatehouse::usmp {

enum class cookie_policy : std::uint8_t { automatic, always, never };

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
    {
    }

    // `open` handshakes now.
    bool required(time_point now, std::size_t open) noexcept
    {
        if (policy_ != cookie_policy::automatic)
            return policy_ == cookie_policy::always;
        if (open >= begin_ && open > 0)
            until_ = now + calm;
        else if (open > cease_ && now < until_)
            until_ = now + calm;
        return now < until_;
    }

private:
    cookie_policy policy_;
    std::size_t begin_;
    std::size_t cease_;
    time_point until_{};
};

}  // namespace gatehouse::usmp
