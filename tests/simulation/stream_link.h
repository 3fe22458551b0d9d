// One direction of a virtual connection: bytes arrive in order, but in pieces of any size and after
// any delay, as a seed decides. Virtual time only.
#pragma once

#include "base/time.h"
#include "support/byte_string.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <random>
#include <utility>

namespace gatehouse::test {

// How a link treats its bytes.
struct link_behaviour {
    duration shortest = std::chrono::milliseconds{1};
    duration longest = std::chrono::milliseconds{200};
    std::size_t largest_piece = 600;  // bytes; pieces may be joined again on arrival
};

struct arrival {
    byte_string data{};
    bool closed = false;  // nothing will come any more
};

class stream_link {
public:
    stream_link(std::mt19937_64& random, link_behaviour const& behaviour)
        : random_{random}
        , behaviour_{behaviour}
    {
    }

    void push(time_point now, bytes data)
    {
        while (!data.empty() && !closed_) {
            auto const size = std::min(up_to(behaviour_.largest_piece) + 1, data.size());
            under_way_.push_back({next_time(now), copy_of(data.first(size))});
            data = data.subspan(size);
        }
    }

    // Behind what is under way.
    void close(time_point now)
    {
        if (!std::exchange(closed_, true))
            under_way_.push_back({next_time(now), {}});
    }

    // When something arrives next; `never` when nothing is under way.
    time_point next() const { return under_way_.empty() ? never : under_way_.front().when; }
    bool empty() const { return under_way_.empty(); }

    // All that has arrived by now, as one piece.
    arrival take(time_point now)
    {
        arrival made;
        while (!under_way_.empty() && under_way_.front().when <= now) {
            append(made.data, under_way_.front().data);
            under_way_.pop_front();
        }
        made.closed = closed_ && under_way_.empty();
        return made;
    }

private:
    struct piece {
        time_point when;
        byte_string data;
    };

    std::size_t up_to(std::size_t limit)
    {
        return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random_);
    }

    time_point next_time(time_point now)
    {
        std::uniform_int_distribution<duration::rep> delay{
            behaviour_.shortest.count(), behaviour_.longest.count()};
        last_ = std::max(last_, now + duration{delay(random_)});
        return last_;
    }

    std::mt19937_64& random_;
    link_behaviour behaviour_;
    std::deque<piece> under_way_;
    time_point last_ = time_point::min();
    bool closed_ = false;
};

}  // namespace gatehouse::test
