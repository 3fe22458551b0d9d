// What a simulated network does to datagrams on purpose: loses some, repeats some, holds some back
// so that later ones overtake them.
#pragma once

#include "base/bytes.h"
#include "base/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <random>
#include <vector>

namespace gatehouse::sim {

// As shares of all datagrams, from 0 to 1, in each direction.
struct roughness {
    double loss = 0;
    double duplicate = 0;
    double reorder = 0;
    std::uint64_t seed = 1;

    bool any() const noexcept { return loss > 0 || duplicate > 0 || reorder > 0; }
};

class rough_path {
public:
    enum class way : std::uint8_t { up, down };

    struct traveller {
        std::uint32_t device = 0;
        way where{};
    };

    // A datagram that was held back, or a repetition.
    struct delayed_datagram {
        time_point when;
        traveller who;
        std::vector<std::uint8_t> datagram;
    };

    explicit rough_path(roughness const& how) : how_{how}, random_{how.seed} {}

    // Does the datagram pass now? What is to come later is copied.
    bool pass(time_point now, traveller who, bytes datagram);

    // A datagram whose time has come, or nothing.
    std::optional<delayed_datagram> take_due(time_point now);

    // When the next one's will; `never` when none is held back.
    time_point next_due() const { return held_.empty() ? never : held_.top().when; }

private:
    struct is_later {
        bool operator()(delayed_datagram const& a, delayed_datagram const& b) const noexcept
        {
            return a.when > b.when;
        }
    };

    bool happens(double share);
    void hold(time_point now, traveller who, bytes datagram);

    roughness how_;
    std::mt19937_64 random_;
    std::priority_queue<delayed_datagram, std::vector<delayed_datagram>, is_later> held_;
};

}  // namespace gatehouse::sim
