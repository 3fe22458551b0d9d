// What carries datagrams between addresses: each may be lost, come twice, or come after any delay
// and so overtake others, as a seed decides. Virtual time only.
#pragma once

#include "base/address.h"
#include "base/time.h"
#include "support/byte_string.h"

#include <cstdint>
#include <map>
#include <random>
#include <utility>

namespace gatehouse::test {

struct path_behaviour {
    double loss = 0;         // of all datagrams
    double duplication = 0;  // of those that arrive
    duration shortest = std::chrono::milliseconds{1};
    duration longest = std::chrono::milliseconds{50};
};

struct flying_datagram {
    peer_address from;
    peer_address to;
    byte_string data;
};

class datagram_path {
public:
    datagram_path(path_behaviour const& behaviour, std::uint64_t seed)
        : behaviour_{behaviour}
        , random_{seed}
    {
    }

    void send(time_point now, peer_address const& from, peer_address const& to, bytes data)
    {
        if (happens(behaviour_.loss))
            return;
        do
            flying_.emplace(now + delay(), flying_datagram{from, to, copy_of(data)});
        while (happens(behaviour_.duplication));
    }

    // When something arrives next; `never` when nothing is under way.
    time_point next() const { return flying_.empty() ? never : flying_.begin()->first; }

    // Only when `next` has come.
    flying_datagram take()
    {
        auto first = std::move(flying_.begin()->second);
        flying_.erase(flying_.begin());
        return first;
    }

private:
    bool happens(double probability)
    {
        return std::uniform_real_distribution<>{0, 1}(random_) < probability;
    }

    duration delay()
    {
        return duration{std::uniform_int_distribution<duration::rep>{
            behaviour_.shortest.count(), behaviour_.longest.count()}(random_)};
    }

    path_behaviour behaviour_;
    std::mt19937_64 random_;
    std::multimap<time_point, flying_datagram> flying_;
};

}  // namespace gatehouse::test
